/** Where an option stands on a page of choices. */
export type OptionGroup =
  | 'format'
  | 'content'
  | 'objects'
  | 'ownership'
  | 'output'
  | 'running'
  | 'script'
  | 'connection'
  | 'information';

/** One option of one program, as its `--help` has it. Data only: adding an option is adding a row. */
export interface ToolOption {
  /** Long name without dashes; also the key of its answer. */
  flag: string;
  /** One letter, without the dash. */
  short?: string;
  takes: 'nothing' | 'text' | 'number' | 'pattern' | 'choice' | 'path';
  /** May be given several times; the answer may then be a list. */
  repeat?: boolean;
  /** First major that has it. Absent: older than every client we support. */
  since?: number;
  /** Minor releases that brought it to a major after its first release (security fixes): major → minor. */
  sinceMinor?: Record<number, number>;
  /** Last major that has it. */
  until?: number;
  group: OptionGroup;
  /** One sentence without a full stop, in the words of `--help`. */
  summary: string;
  choices?: string[];
  /** Bounds of a number, both included. */
  min?: number;
  max?: number;
  /** Regular expression a text must match wholly. */
  match?: string;
  /** Long names this cannot be used together with. */
  excludes?: string[];
  /** At least one of these must be given too. */
  needs?: string[];
  /** Set by the engine, never asked for: the reason. */
  managed?: string;
}

/** What a person answered, by long name without dashes. `false`, empty texts and empty lists are no answer. */
export type Answers = Record<string, string | number | boolean | string[]>;

/** A client's release: the major alone stands for its newest minor release. */
export type Release = number | { major: number; minor: number };
