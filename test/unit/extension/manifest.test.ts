import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  commandIds,
  contextKeys,
  settingKeys,
  taskFormats,
  taskKeys,
  taskKinds,
  taskStrategies,
  taskType,
  taskVerifyLevels,
  viewIds,
} from '../../../src/extension/ids';

const root = resolve(__dirname, '../../../..');

interface Manifest {
  l10n: string;
  icon: string;
  contributes: {
    commands: { command: string; category?: string; icon?: string }[];
    menus: Record<string, { command?: string; submenu?: string; when?: string; group?: string }[]>;
    submenus: { id: string }[];
    views: Record<string, { id: string; icon: string }[]>;
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    viewsWelcome: { view: string; contents: string; when?: string }[];
    configuration: { properties: Record<string, Record<string, unknown>> };
    taskDefinitions: {
      type: string;
      required: string[];
      when: string;
      properties: Record<
        string,
        { type: string; description: string; enum?: string[]; enumDescriptions?: string[] }
      >;
    }[];
    walkthroughs: {
      steps: { id: string; description: string; media: { svg: string }; completionEvents: string[] }[];
    }[];
  };
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
}

const manifestText = readFileSync(join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(manifestText) as Manifest;
const strings = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;
const { contributes } = manifest;

/** Every source of the shell as one text, the list of ids left out. */
const sources = globSync('src/extension/**/*.ts', { cwd: root })
  .filter((path) => !path.endsWith('ids.ts'))
  .map((path) => readFileSync(join(root, path), 'utf8'))
  .join('\n');

const whenClauses = [
  ...Object.values(contributes.menus).flat(),
  ...contributes.viewsWelcome,
  ...(contributes.commands as { when?: string; enablement?: string }[]),
].flatMap((entry) => [entry.when ?? '', (entry as { enablement?: string }).enablement ?? '']);

function matchesOf(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => match[1] as string))];
}

function same(actual: Iterable<string>, expected: Iterable<string>): void {
  assert.deepEqual([...new Set(actual)].sort(), [...new Set(expected)].sort());
}

describe('manifest and code agree', () => {
  it('on commands', () => {
    same(
      contributes.commands.map(({ command }) => command),
      commandIds,
    );
  });

  it('on who answers each command: one file has its id', () => {
    same(matchesOf(sources, /\bid: '(restorePoint\.\w+)',\n/g), commandIds);
  });

  it('that code calls only commands there are', () => {
    const called = matchesOf(sources, /executeCommand(?:<[^>]*>)?\(\s*'(restorePoint\.[^']+)'/g);
    assert.ok(called.length > 0);
    for (const id of called) assert.ok((commandIds as readonly string[]).includes(id), id);
  });

  it('that menus, welcome texts and the walkthrough name only commands there are', () => {
    const menus = Object.values(contributes.menus).flat();
    const named = [
      ...menus.flatMap(({ command }) => command ?? []),
      ...Object.values(strings).flatMap((text) => matchesOf(text, /\(command:([\w.]+)/g)),
      ...contributes.walkthroughs
        .flatMap(({ steps }) => steps)
        .flatMap(({ completionEvents }) => completionEvents)
        .flatMap((event) => matchesOf(event, /^onCommand:(.+)$/g)),
    ].filter((id) => !id.startsWith('workbench.'));
    for (const id of named) assert.ok((commandIds as readonly string[]).includes(id), id);
    const submenus = contributes.submenus.map(({ id }) => id);
    same(
      menus.flatMap(({ submenu }) => submenu ?? []),
      submenus,
    );
    for (const id of submenus) assert.ok(contributes.menus[id], id);
  });

  it('that every command can be reached: in a menu, a title bar, or the palette', () => {
    const hidden = (contributes.menus.commandPalette ?? []).filter(({ when }) => when === 'false');
    const placed = Object.entries(contributes.menus)
      .filter(([menu]) => menu !== 'commandPalette')
      .flatMap(([, entries]) => entries.flatMap(({ command }) => command ?? []));
    const rows = matchesOf(sources, /command: '(restorePoint\.\w+)', title: ''/g);
    for (const { command } of hidden)
      assert.ok(placed.includes(command ?? '') || rows.includes(command ?? ''), command);
  });

  it('on views, each with an icon', () => {
    const views = Object.values(contributes.views).flat();
    same(
      views.map(({ id }) => id),
      Object.values(viewIds),
    );
    for (const { icon } of [...views, ...contributes.viewsContainers.activitybar])
      readFileSync(join(root, icon));
    readFileSync(join(root, manifest.icon));
    for (const { view } of contributes.viewsWelcome)
      assert.ok(
        views.some(({ id }) => id === view),
        view,
      );
  });

  it('on settings, each with default, description and scope', () => {
    const { properties } = contributes.configuration;
    same(
      Object.keys(properties),
      settingKeys.map((key) => `restorePoint.${key}`),
    );
    for (const [key, property] of Object.entries(properties)) {
      assert.notEqual(property.default, undefined, key);
      assert.match(String(property.markdownDescription), /^%.+%$/, key);
      assert.ok(property.scope, key);
    }
    same(matchesOf(sources, /\bsetting\('([\w.]+)'\)/g), settingKeys);
  });

  it('on settings a folder that is not trusted may not decide', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    for (const key of restrictedConfigurations) assert.ok(contributes.configuration.properties[key], key);
    for (const [key, { scope }] of Object.entries(contributes.configuration.properties))
      if (scope !== 'window') assert.ok(restrictedConfigurations.includes(key), key);
  });

  it('on tasks: their type, what they may say, and which values', () => {
    const [definition, ...more] = contributes.taskDefinitions;
    assert.ok(definition && !more.length);
    assert.equal(definition.type, taskType);
    assert.match(definition.when, /isWorkspaceTrusted/);
    same(Object.keys(definition.properties), taskKeys);
    for (const key of definition.required) assert.ok(definition.properties[key], key);
    for (const [key, { type, description }] of Object.entries(definition.properties)) {
      assert.ok(type, key);
      assert.equal(description, `%task.${key}%`);
    }
    const values = Object.entries(definition.properties).flatMap(([key, { enum: of, enumDescriptions }]) => {
      if (enumDescriptions) assert.equal(enumDescriptions.length, of?.length, key);
      return of ? [[key, of]] : [];
    });
    assert.deepEqual(Object.fromEntries(values), {
      task: taskKinds,
      format: taskFormats,
      verify: taskVerifyLevels,
      strategy: taskStrategies,
    });
  });

  it('on what code reads of a task', () => {
    const read = readFileSync(join(root, 'src/extension/tasks/definition.ts'), 'utf8');
    same([...matchesOf(read, /\b(?:one|text)\('(\w+)'/g), ...matchesOf(read, /\bgiven\.(\w+)/g)], taskKeys);
  });

  it('on context keys', () => {
    const ours = [
      ...Object.values(viewIds),
      ...commandIds,
      ...contributes.submenus.map(({ id }) => id),
    ] as string[];
    const events = contributes.walkthroughs.flatMap(({ steps }) =>
      steps.flatMap((step) => step.completionEvents),
    );
    const read = [...whenClauses, ...events]
      .flatMap((clause) => matchesOf(clause, /(restorePoint\.\w+)/g))
      .filter((key) => !ours.includes(key));
    same(read, Object.values(contextKeys));
    const set = matchesOf(sources, /contextKeys\.(\w+)/g);
    same(set, Object.keys(contextKeys));
  });

  it('on the flags of tree rows', () => {
    const asked = whenClauses
      .flatMap((clause) => matchesOf(clause, /viewItem =~ \/([^/]+)\//g))
      .map((pattern) => pattern.replaceAll('\\b', ''));
    for (const flag of new Set(asked)) {
      const given = new RegExp(`['\`][^'\`\\n]*\\b${flag}\\b[^'\`\\n]*['\`]`);
      assert.match(sources, given, `no row has the flag ${flag}`);
    }
  });

  it('on %keys%', () => {
    same(matchesOf(manifestText, /"%([^%"]+)%"/g), Object.keys(strings));
  });

  it('on the rules of style: category, no emoji, destructive entries last', () => {
    for (const { command, category } of contributes.commands)
      assert.equal(category, '%extension.category%', command);
    for (const text of Object.values(strings)) assert.doesNotMatch(text, /\p{Extended_Pictographic}/u);
    for (const [menu, entries] of Object.entries(contributes.menus))
      for (const { command, group } of entries)
        if (/(delete|remove)\w+$/.test(command ?? '') && menu === 'view/item/context' && group !== 'inline@1')
          assert.match(group ?? '', /^9_destructive/, command);
  });

  it('on the walkthrough’s pictures', () => {
    for (const { steps } of contributes.walkthroughs)
      for (const { media } of steps) assert.match(readFileSync(join(root, media.svg), 'utf8'), /--vscode-/);
  });
});
