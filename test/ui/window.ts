import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Frame, Locator, Page } from 'playwright-core';

export type Theme = 'light' | 'dark' | 'high-contrast' | 'high-contrast-light';

/** VS Code's names of the themes: in settings, and as the workbench's class. */
export const themes: Record<Theme, { setting: string; mark: string }> = {
  dark: { setting: 'Default Dark Modern', mark: 'vs-dark' },
  light: { setting: 'Default Light Modern', mark: 'vs' },
  'high-contrast': { setting: 'Default High Contrast', mark: 'hc-black' },
  'high-contrast-light': { setting: 'Default High Contrast Light', mark: 'hc-light' },
};

/** Slow machines are not broken ones. */
const patienceMs = 60_000;

/** Opens a page on a VS Code server and waits until it can be used. */
export async function openWindow(browser: Browser, url: string, workspace: string): Promise<Window> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(patienceMs);
  const window = new Window(page, workspace);
  await page.goto(url);
  await window.ready();
  return window;
}

/** A VS Code window, used as a person would: by what can be seen, clicked and typed. */
export class Window {
  readonly page: Page;
  readonly #workspace: string;

  constructor(page: Page, workspace: string) {
    this.page = page;
    this.#workspace = workspace;
  }

  /** Waits until the workbench is there and knows our extension. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor();
    await this.container().waitFor();
  }

  /** Reloads the window. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /**
   * Changes the colours by the workspace's settings, which leaves open what a click elsewhere would close:
   * lists, menus, questions.
   */
  async theme(theme: Theme): Promise<void> {
    const { setting, mark } = themes[theme];
    const folder = join(this.#workspace, '.vscode');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'settings.json'), JSON.stringify({ 'workbench.colorTheme': setting }));
    await this.page.locator(`.monaco-workbench.${mark}`).waitFor();
  }

  // Side bar

  private container(): Locator {
    return this.page.locator('.activitybar a.action-label[aria-label="Restore Point"]');
  }

  /** Shows our side bar, by its icon the first time; a reload brings it back by itself, in its own time. */
  async openSideBar(): Promise<void> {
    const views = this.view('Connections');
    const item = this.page.locator('.activitybar .action-item:has(a[aria-label="Restore Point"])');
    const restored = this.page.locator('.sidebar .composite.title').or(views);
    await restored.first().waitFor();
    if (!/\bchecked\b/.test((await item.getAttribute('class')) ?? '')) await this.container().click();
    await views.waitFor();
  }

  /** Drags the border of the side bar, so that nothing is cut off in pictures. */
  async widenSideBar(byPixels: number): Promise<void> {
    const box = await this.page.locator('.part.sidebar').boundingBox();
    if (!box) throw new Error('The side bar is closed.');
    const { mouse } = this.page;
    const [x, y] = [box.x + box.width, box.y + box.height / 2];
    await mouse.move(x, y);
    await mouse.down();
    await mouse.move(x + byPixels, y, { steps: 5 });
    await mouse.up();
  }

  /** Waits until no view is being filled. */
  async settled(): Promise<void> {
    const busy = this.page.locator('.sidebar .monaco-progress-container.active');
    while (await busy.count()) await this.page.waitForTimeout(100);
  }

  /** A view of the side bar by its title. */
  view(title: string): Locator {
    const header = this.page.locator(`.pane-header[aria-label^="${title}"]`);
    return this.page.locator('.sidebar .pane').filter({ has: header });
  }

  /** The visible row of a view whose text holds `text`; the first when several do. */
  row(view: string, text: string | RegExp): Locator {
    return this.view(view).locator('.monaco-list-row').filter({ hasText: text }).first();
  }

  /** Opens a closed row. */
  async expand(row: Locator): Promise<void> {
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) === 'false')
      await row.locator('.monaco-tl-twistie').click();
  }

  /** Chooses from a row's context menu; several words walk into submenus. */
  async contextMenu(row: Locator, ...items: string[]): Promise<void> {
    await row.click({ button: 'right' });
    for (const [index, item] of items.entries()) {
      const entry = this.page
        .locator('.monaco-menu .action-item')
        .filter({ hasText: exactly(item) })
        .last();
      await entry.waitFor();
      await entry.hover();
      // A menu takes no click in its first moment, so that a slip of the mouse chooses nothing.
      await this.page.waitForTimeout(250);
      // A submenu opens by itself under the pointer; a click would close it again.
      if (index === items.length - 1) await entry.click();
    }
  }

  /** Adds a server as someone does who pastes its URI, password and all, and keeps it. */
  async addServer(uri: string, { name, role }: { name: string; role: RegExp }): Promise<void> {
    await this.command('Restore Point: Add Connection…');
    await this.asked(/Paste a URI/);
    await this.type(uri);
    await this.asked(/Name/);
    await this.type(name);
    await this.asked(/Role/);
    await this.choose(role);
    await this.asked(/never written to settings/);
    await this.choose('Keep it');
    await this.row('Connections', name).waitFor();
  }

  // Palette and quick picks

  private quick(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  /** Runs a command by its title through the command palette. */
  async command(title: string): Promise<void> {
    const row = this.quick().locator('.monaco-list-row').filter({ hasText: title }).first();
    // Just after the start the palette may open before it knows the command: an open list does not learn of it.
    for (let tries = 0; tries < 6; tries++) {
      await this.page.keyboard.press('F1');
      await this.quick().locator('input[type="text"]').fill(`>${title}`);
      if (
        await row.waitFor({ timeout: 5000 }).then(
          () => true,
          () => false,
        )
      )
        break;
      await this.page.keyboard.press('Escape');
    }
    await row.click();
  }

  /** Takes the first entry of a quick pick whose text holds `text`. */
  async choose(text: string | RegExp): Promise<void> {
    await this.quick().locator('.monaco-list-row').filter({ hasText: text }).first().click();
  }

  /** Types into an open list, which then holds only what fits, and takes the first entry with `text`. */
  async find(typed: string, text: string | RegExp): Promise<void> {
    await this.quick().locator('input:visible').last().fill(typed);
    await this.choose(text);
  }

  /** Waits for an input box or quick pick that shows `prompt` as title, message or placeholder. */
  async asked(prompt: string | RegExp): Promise<void> {
    await this.quick()
      .filter({ hasText: prompt })
      .or(this.quick().getByPlaceholder(prompt))
      .first()
      .waitFor();
  }

  /** Waits for the next question after an answer: boxes look alike, but the next one is empty. */
  async askedAnew(prompt: string | RegExp): Promise<void> {
    await this.page.waitForFunction(() =>
      [...document.querySelectorAll<HTMLInputElement>('.quick-input-widget input')].every((i) => !i.value),
    );
    await this.asked(prompt);
  }

  /** Types into the open input box and accepts. */
  async type(text: string): Promise<void> {
    await this.quick().locator('input:visible').last().fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Answers the editor's own dialog for a file to save. It goes on writing into its field for a while: typed again until it stays. */
  async saveAs(path: string): Promise<void> {
    const input = this.quick().locator('input:visible').last();
    await input.waitFor();
    for (let kept = 0; kept < 3;) {
      if ((await input.inputValue()) === path) kept++;
      else {
        kept = 0;
        await input.fill(path);
      }
      await this.page.waitForTimeout(700);
    }
    await this.page.keyboard.press('Enter');
  }

  // Messages

  /** A notification that holds `text`. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast').filter({ hasText: text }).first();
  }

  /** Presses a button of a notification. */
  async press(text: string | RegExp, button: string): Promise<void> {
    await this.notification(text)
      .locator('.monaco-button')
      .filter({ hasText: exactly(button) })
      .click();
  }

  /** A modal question. */
  dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  async answer(button: string | RegExp): Promise<void> {
    const text = typeof button === 'string' ? exactly(button) : button;
    await this.dialog().locator('.monaco-button').filter({ hasText: text }).click();
  }

  // Editors and pages

  /** The row of a file or folder in the Explorer, which is to be open. */
  file(name: string): Locator {
    return this.page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: exactly(name) });
  }

  /** An editor's tab by its title. */
  tab(title: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab').filter({ hasText: title }).first();
  }

  /** The frame of a webview that holds an element; webviews are frames within frames. */
  async webview(selector: string): Promise<Frame> {
    const deadline = performance.now() + patienceMs;
    while (performance.now() < deadline) {
      for (const frame of this.page.frames().slice(1))
        if (
          await frame
            .locator(selector)
            .count()
            .catch(() => 0)
        )
          return frame;
      await this.page.waitForTimeout(100);
    }
    throw new Error(`No webview shows ${selector}.`);
  }

  /**
   * A picture of the window: into docs/images when `RESTORE_POINT_SCREENSHOTS` is set (the README takes it
   * from there), otherwise into test-results. `everyTheme` makes one each: NAME-light.png, …
   * `busy`: a view may show that something goes on, as it does while a question is open.
   */
  async screenshot(name: string, { everyTheme = false, busy = false } = {}): Promise<void> {
    const folder = process.env.RESTORE_POINT_SCREENSHOTS ? 'docs/images' : 'test-results/screens';
    const shoot = async (file: string): Promise<void> => {
      // Tips that the mouse brought up are not what is to be shown.
      await this.page.mouse.move(800, 600);
      await this.page.locator('.monaco-hover.workbench-hover:visible').waitFor({ state: 'hidden' });
      await this.page.screenshot({
        path: join(folder, `${file}.png`),
        animations: 'disabled',
        caret: 'hide',
      });
    };
    if (!busy) await this.settled();
    if (!everyTheme) return await shoot(name);
    for (const theme of ['light', 'high-contrast', 'dark'] as const) {
      await this.theme(theme);
      await shoot(`${name}-${theme}`);
    }
  }
}

function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}
