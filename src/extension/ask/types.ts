/** One thing to choose. `value` is what the asker gets. */
export interface Option<T> {
  label: string;
  description?: string;
  /** What choosing it means. */
  detail?: string;
  /** Ticked or highlighted at the start. */
  picked?: boolean;
  /** A heading over this and the following options. */
  heading?: string;
  value: T;
}

interface Question {
  /** Names the question for scripted answers: `restore.database`. */
  id: string;
  title: string;
  placeholder?: string;
  /** Which step of how many; a step after the first has a way back. */
  step?: { number: number; of: number };
}

export interface PickQuestion<T> extends Question {
  /** A promise shows the box at once, busy until the options are there. */
  options: Option<T>[] | Promise<Option<T>[]>;
}

export interface TextQuestion extends Question {
  prompt?: string;
  value?: string;
  password?: boolean;
  /** A sentence while the text is not acceptable. */
  validate?(text: string): string | undefined | Promise<string | undefined>;
}

export interface ConfirmQuestion {
  id: string;
  /** The question, naming what will be lost. */
  message: string;
  detail?: string;
  /** The button that goes on; the safe answer is always there. */
  yes: string;
}

export interface FileQuestion {
  id: string;
  title: string;
  /** Label of the button. */
  button: string;
  what: 'file' | 'folder' | 'save';
  /** Where the dialog begins: a path. */
  start?: string;
  /** Names of kinds with their extensions without dots. */
  filters?: Record<string, string[]>;
}

/**
 * The only way a command asks a person. Every method throws `Dismissed` when the question is closed
 * without an answer, so a command reads as if every question were answered.
 */
export interface Ask {
  pick<T>(question: PickQuestion<T>): Promise<T>;
  pickSeveral<T>(question: PickQuestion<T>): Promise<T[]>;
  text(question: TextQuestion): Promise<string>;
  /** Modal. */
  confirm(question: ConfirmQuestion): Promise<void>;
  file(question: FileQuestion): Promise<string>;
}
