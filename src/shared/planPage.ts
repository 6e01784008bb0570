import type { PlanView } from '../engine/planView';

export type { PlanView };

/** What the plan page may ask of the host. */
export interface PlanHost {
  /** The page is up and wants its plan and texts. */
  ready(nothing: null): { view: PlanView; texts: PlanTexts };
  /** Runs the plan; the panel closes itself. */
  run(nothing: null): void;
  /** Puts a text on the clipboard. */
  copy(text: string): void;
}

/** What the host may ask of the plan page. */
export interface PlanPage {
  /** Another plan is to be shown (the panel is one per subject). */
  show(view: PlanView): void;
}

/** Every text of the page, localised by the host. */
export interface PlanTexts {
  run: string;
  copyCommand: string;
  copied: string;
  steps: string;
  files: string;
  locks: string;
  room: string;
  destroys: string;
  wayBack: string;
  nothingLost: string;
  warnings: string;
  noWarnings: string;
  commandLine: string;
}

/** Of a plan that changes with every answer. */
export interface LivePlanTexts extends PlanTexts {
  planning: string;
  fine: string;
  ifItFails: string;
  why: string;
}
