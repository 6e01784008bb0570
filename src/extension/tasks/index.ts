import * as vscode from 'vscode';
import { taskType } from '../ids';
import type { Services } from '../services';
import { Tasks } from './provider';

/** The jobs as tasks: for tasks.json, and to run before others. */
export function registerTasks(services: Services): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(taskType, new Tasks(services));
}
