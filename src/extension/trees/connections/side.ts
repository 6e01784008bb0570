import * as vscode from 'vscode';
import type { Connection } from '../../../engine/connections/types';
import type { SideState } from '../../../engine/restore';
import { engine } from '../../engine';

/** What a row of a recovered cluster says besides: whether it runs, and whether it waits at its target. */
export class SideCluster {
  readonly #directory: string;
  readonly #redraw: () => void;
  #state: SideState | undefined;

  constructor({ directory }: Required<Connection>['recovered'], redraw: () => void) {
    this.#directory = directory;
    this.#redraw = redraw;
    void this.look();
  }

  /** Looks how it is; the row is drawn anew when that has changed. */
  async look(): Promise<void> {
    const { sideState } = await engine();
    const state = await sideState(this.#directory);
    if (state === this.#state) return;
    this.#state = state;
    this.#redraw();
  }

  /** Undefined while nothing is known. */
  get stateText(): string | undefined {
    switch (this.#state) {
      case 'waits':
        return vscode.l10n.t('read-only, as it was');
      case 'open':
        return vscode.l10n.t('open for writing');
      case 'stopped':
        return vscode.l10n.t('does not run');
      case 'gone':
        return vscode.l10n.t('its folder is gone');
      case undefined:
        return undefined;
    }
  }

  /** For the menus' conditions. */
  get flags(): string[] {
    return ['recovered', ...(this.#state === undefined ? [] : [this.#state])];
  }

  get sentence(): string {
    return vscode.l10n.t('Recovered into {0}', this.#directory);
  }
}
