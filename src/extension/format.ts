import * as vscode from 'vscode';
import { loadedEngine } from './engine';

/** `80 MB`, as everywhere in the product. What has a size was read by the engine, so it is loaded. */
export function bytes(count: number): string {
  return loadedEngine().formatBytes(count);
}

/** `0.4 s`, `41 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  return loadedEngine().formatDuration(ms);
}

/** `1,204,113`, in the editor's language. */
export function count(value: number): string {
  return value.toLocaleString(vscode.env.language);
}

/** How long ago, coarsely: `just now`, `3 min ago`, `2 h ago`, `5 days ago`. */
export function age(iso: string, now = Date.now()): string {
  const minutes = Math.floor((now - Date.parse(iso)) / 60_000);
  if (!(minutes >= 1)) return vscode.l10n.t('just now');
  if (minutes < 60) return vscode.l10n.t('{0} min ago', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return vscode.l10n.t('{0} h ago', hours);
  return vscode.l10n.t('{0} days ago', Math.floor(hours / 24));
}

/** Whole days from a moment's calendar day to today's; 0 is today. */
function daysAgo(date: Date, now: Date): number {
  const midnight = (d: Date): number => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
  return Math.round((midnight(now) - midnight(date)) / 86_400_000);
}

/** A calendar day as a heading: `Today`, `Yesterday`, `Monday`, `3 November 2026`. */
export function day(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const ago = daysAgo(date, now);
  if (ago === 0) return vscode.l10n.t('Today');
  if (ago === 1) return vscode.l10n.t('Yesterday');
  if (ago > 1 && ago < 7) return date.toLocaleDateString(vscode.env.language, { weekday: 'long' });
  return date.toLocaleDateString(vscode.env.language, { dateStyle: 'long' });
}

/** A moment as a label: day and time of day. */
export function moment(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const time = date.toLocaleTimeString(vscode.env.language, { hour: '2-digit', minute: '2-digit' });
  return daysAgo(date, now) > 6
    ? `${date.toLocaleDateString(vscode.env.language, { dateStyle: 'medium' })} ${time}`
    : `${day(iso, now)} ${time}`;
}

/** A name on one line of a tree: line breaks and other controls are shown, not obeyed. */
export function oneLine(name: string): string {
  return name.replace(/[\u0000-\u001f\u007f]/g, (c) => (c === '\n' ? '⏎' : '�'));
}
