import * as vscode from 'vscode';
import { Dismissed } from '../cancel';
import type { Ask, ConfirmQuestion, FileQuestion, Option, PickQuestion, TextQuestion } from './types';

/** Thrown by a step whose Back button was pressed; `runSteps` catches it. */
export class Back extends Error {
  constructor() {
    super('Back.');
    this.name = 'Back';
  }
}

interface Item<T> extends vscode.QuickPickItem {
  value?: T;
}

/** Asks with the editor's quick input and its own dialogs. */
export class QuickInputAsk implements Ask {
  async pick<T>(question: PickQuestion<T>): Promise<T> {
    return (await this.#pick(question, false))[0] as T;
  }

  async pickSeveral<T>(question: PickQuestion<T>): Promise<T[]> {
    return await this.#pick(question, true);
  }

  async #pick<T>(question: PickQuestion<T>, several: boolean): Promise<T[]> {
    const box = vscode.window.createQuickPick<Item<T>>();
    dress(box, question);
    box.placeholder = question.placeholder;
    box.canSelectMany = several;
    box.matchOnDescription = true;
    box.matchOnDetail = true;
    return await answer(box, (accept, fail) => {
      box.onDidAccept(() => {
        const chosen = several ? box.selectedItems : box.activeItems;
        if (chosen.length) accept(chosen.map(({ value }) => value as T));
      });
      box.busy = true;
      Promise.resolve(question.options).then((options) => {
        box.items = options.flatMap(toItems);
        const picked = box.items.filter((item) => item.picked);
        if (several) box.selectedItems = picked;
        else box.activeItems = picked.slice(0, 1);
        box.busy = false;
      }, fail);
    });
  }

  async text(question: TextQuestion): Promise<string> {
    const box = vscode.window.createInputBox();
    dress(box, question);
    box.placeholder = question.placeholder;
    box.prompt = question.prompt;
    box.value = question.value ?? '';
    box.password = question.password ?? false;
    return await answer(box, (accept, fail) => {
      const check = async (): Promise<boolean> => {
        const { value } = box;
        const message = await question.validate?.(value);
        // Typed on meanwhile: the answer is about another text.
        if (value !== box.value) return false;
        box.validationMessage = message;
        return message === undefined;
      };
      box.onDidChangeValue(() => void check().catch(fail));
      box.onDidAccept(() => {
        check().then((good) => good && accept(box.value), fail);
      });
    });
  }

  async confirm(question: ConfirmQuestion): Promise<void> {
    const { message, detail, yes } = question;
    const pressed = await vscode.window.showWarningMessage(message, { modal: true, detail }, yes);
    if (pressed !== yes) throw new Dismissed();
  }

  async file(question: FileQuestion): Promise<string> {
    const { title, button, what, start, filters } = question;
    const defaultUri = start ? vscode.Uri.file(start) : undefined;
    const uri =
      what === 'save'
        ? await vscode.window.showSaveDialog({ title, saveLabel: button, defaultUri, filters })
        : (
            await vscode.window.showOpenDialog({
              title,
              openLabel: button,
              canSelectFiles: what === 'file',
              canSelectFolders: what === 'folder',
              defaultUri,
              filters,
            })
          )?.[0];
    if (!uri) throw new Dismissed();
    return uri.fsPath;
  }
}

function toItems<T>(option: Option<T>): Item<T>[] {
  const { heading, ...item } = option;
  return heading ? [{ label: heading, kind: vscode.QuickPickItemKind.Separator }, item] : [item];
}

function dress(
  box: vscode.QuickInput & { buttons: readonly vscode.QuickInputButton[] },
  question: { title: string; step?: { number: number; of: number } },
): void {
  box.title = question.title;
  box.step = question.step?.number;
  box.totalSteps = question.step?.of;
  // A person looks up a host name or a path in another window.
  box.ignoreFocusOut = true;
  if (question.step && question.step.number > 1) box.buttons = [vscode.QuickInputButtons.Back];
}

/** Shows a box until it is answered, closed or left by its Back button. */
async function answer<T>(
  box: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox,
  listen: (accept: (value: T) => void, fail: (error: unknown) => void) => void,
): Promise<T> {
  try {
    return await new Promise<T>((accept, fail) => {
      box.onDidTriggerButton((button) => {
        if (button === vscode.QuickInputButtons.Back) fail(new Back());
      });
      box.onDidHide(() => fail(new Dismissed()));
      listen(accept, fail);
      box.show();
    });
  } finally {
    box.dispose();
  }
}
