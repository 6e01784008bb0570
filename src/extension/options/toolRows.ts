import * as vscode from 'vscode';
import type { Answers, OptionGroup, Release, ToolOption } from '../../engine/tools';
import type { ToolName } from '../../engine/tools/types';
import type { Ask } from '../ask';
import { engine } from '../engine';
import { askList } from './list';
import { switchText, type Row } from './sheet';

type Check = (option: ToolOption, value: string) => string | undefined;

/**
 * The options of a program as rows over a person's answers, which the rows change. Only what that
 * release has is offered, and nothing it has is missing, except what the job sets by itself.
 *
 * @param skip options that have a row of their own elsewhere
 */
export async function toolRows(
  ask: Ask,
  {
    title,
    tool,
    release,
    answers,
    skip = [],
  }: {
    title: string;
    tool: ToolName;
    release: Release;
    answers: Answers;
    skip?: string[];
  },
): Promise<() => Row[]> {
  const { tools, toFacts } = await engine();
  const { optionsFor, toArguments } = await tools();
  const offered = optionsFor(tool, release).filter(
    ({ flag, managed, group }) =>
      !managed && group !== 'connection' && group !== 'information' && !skip.includes(flag),
  );
  // The same judge as at the start of the job; what belongs to other options is judged there.
  const check: Check = ({ flag }, value) => {
    try {
      toArguments(tool, release, { [flag]: value });
      return undefined;
    } catch (error) {
      const { code, why } = toFacts(error);
      return code === 'option.value' ? why : undefined;
    }
  };
  const ordered = groups.flatMap((group) => offered.filter((option) => option.group === group));
  return () =>
    ordered.map((option) => ({
      id: option.flag,
      heading: groupTitle(option.group),
      label: `--${option.flag}`,
      value: valueText(answers[option.flag]),
      detail: option.summary,
      change: async () => {
        const value = await askValue(ask, title, option, answers[option.flag], check);
        if (value === undefined) delete answers[option.flag];
        else answers[option.flag] = value;
      },
    }));
}

function valueText(answer: Answers[string] | undefined): string {
  if (answer === undefined || typeof answer === 'boolean') return switchText(answer);
  return Array.isArray(answer) ? answer.join(', ') : String(answer);
}

/** The new answer; undefined for none. */
async function askValue(
  ask: Ask,
  title: string,
  option: ToolOption,
  now: Answers[string] | undefined,
  check: Check,
): Promise<Answers[string] | undefined> {
  const { flag, takes, choices, repeat, summary } = option;
  if (takes === 'nothing') return now === true ? undefined : true;
  const id = `option.${flag}`;
  const question = { id, title: `${title}: --${flag}`, prompt: summary };
  if (takes === 'choice' && choices) {
    const chosen = await ask.pick({
      ...question,
      placeholder: summary,
      options: [
        ...choices.map((value) => ({ label: value, picked: value === now, value })),
        { label: vscode.l10n.t('Not given'), picked: now === undefined, value: '' },
      ],
    });
    return chosen || undefined;
  }
  const validate = (text: string): string | undefined => check(option, text);
  if (repeat) {
    const list = await askList(
      ask,
      { ...question, validate },
      Array.isArray(now) ? now : now ? [String(now)] : [],
    );
    return list.length ? list : undefined;
  }
  const text = await ask.text({
    ...question,
    value: now === undefined ? '' : String(now),
    placeholder: vscode.l10n.t('Empty: not given'),
    validate: (value) => (value === '' ? undefined : validate(value)),
  });
  if (text === '') return undefined;
  return takes === 'number' ? Number(text) : text;
}

/** In the order a person decides. */
const groups: OptionGroup[] = ['content', 'objects', 'ownership', 'output', 'format', 'running', 'script'];

function groupTitle(group: OptionGroup): string {
  const titles: Record<OptionGroup, string> = {
    content: vscode.l10n.t('What is taken'),
    objects: vscode.l10n.t('Which objects'),
    ownership: vscode.l10n.t('Owners and privileges'),
    output: vscode.l10n.t('How it is written'),
    format: vscode.l10n.t('Format'),
    running: vscode.l10n.t('How it runs'),
    script: vscode.l10n.t('Script'),
    connection: vscode.l10n.t('Connection'),
    information: vscode.l10n.t('Information'),
  };
  return titles[group];
}
