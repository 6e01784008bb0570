import { Dismissed } from '../cancel';
import type { Ask, ConfirmQuestion, FileQuestion, PickQuestion, TextQuestion } from './types';

/**
 * Answers for the tests that run inside the editor: each names a question by its id. A question
 * without an answer fails its command at once instead of waiting for a person who is not there.
 */
export class ScriptedAsk implements Ask {
  readonly #answers = new Map<string, unknown[]>();
  /** Ids in the order asked. */
  readonly asked: string[] = [];

  /** `null` closes the question. For a pick: the value, the label, or a function of the options. */
  answer(id: string, value: unknown): void {
    this.#answers.set(id, [...(this.#answers.get(id) ?? []), value]);
  }

  forget(): void {
    this.#answers.clear();
    this.asked.length = 0;
  }

  #take(id: string): unknown {
    this.asked.push(id);
    const queue = this.#answers.get(id);
    if (!queue?.length) throw new Error(`The test has no answer to ${id}.`);
    const value = queue.shift();
    if (value === null) throw new Dismissed();
    return value;
  }

  async pick<T>(question: PickQuestion<T>): Promise<T> {
    const answer = this.#take(question.id);
    const options = await question.options;
    const found = options.find(({ value, label }) => value === answer || label === answer);
    if (!found)
      throw new Error(
        `${question.id} offers ${options.map((o) => o.label).join(', ')}, not ${String(answer)}.`,
      );
    return found.value;
  }

  async pickSeveral<T>(question: PickQuestion<T>): Promise<T[]> {
    const answers = this.#take(question.id) as unknown[];
    const options = await question.options;
    return options
      .filter(({ value, label }) => answers.includes(value) || answers.includes(label))
      .map(({ value }) => value);
  }

  async text(question: TextQuestion): Promise<string> {
    const text = String(this.#take(question.id));
    const complaint = await question.validate?.(text);
    if (complaint) throw new Error(`${question.id}: ${complaint}`);
    return text;
  }

  async confirm(question: ConfirmQuestion): Promise<void> {
    if (this.#take(question.id) !== true) throw new Dismissed();
  }

  async file(question: FileQuestion): Promise<string> {
    return String(this.#take(question.id));
  }
}
