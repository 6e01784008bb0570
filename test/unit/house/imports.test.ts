import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

interface Import {
  from: string;
  /** Path below the project of one of our files, or a package's name. */
  to: string;
  line: number;
  /** Gone after compiling. */
  typeOnly: boolean;
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((path) => join('src', path))
  .filter((path) => /\.tsx?$/.test(path));
const imports = files.flatMap(importsOf);

function importsOf(from: string): Import[] {
  const source = ts.createSourceFile(from, readFileSync(from, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (node: ts.Node, name: ts.Node | undefined, typeOnly: boolean): void => {
    if (!name || !ts.isStringLiteral(name)) return;
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    found.push({ from, to: resolved(from, name.text), line, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node))
      add(node, node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    else if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node, node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node, node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function resolved(from: string, name: string): string {
  if (!name.startsWith('.')) return name;
  const path = normalize(join(dirname(from), name));
  const candidates = [`${path}.ts`, `${path}.tsx`, join(path, 'index.ts'), path];
  return candidates.find((candidate) => existsSync(candidate)) ?? path;
}

/** Top folder of src: `engine`, `extension`, … */
const house = (path: string): string => path.split('/')[1] ?? '';
/** Folder within the engine; empty for files at its top. */
const room = (path: string): string =>
  house(path) === 'engine' && path.split('/').length > 3 ? (path.split('/')[2] ?? '') : '';
/** Modules of the reader's thread, which are a bundle of their own. */
const worker = /^src\/extension\/reader\/worker\//;
const ours = imports.filter(({ to }) => to.startsWith('src/'));
const said = (list: Import[]): string[] => list.map(({ from, line, to }) => `${from}:${line} imports ${to}`);

describe('imports', () => {
  it('are found', () => assert.ok(ours.length > 20, `${ours.length}`));

  it('run one way between the folders of src', () => {
    const allowed: Record<string, string[]> = {
      engine: [],
      shared: ['engine'],
      webview: ['shared'],
      cli: ['engine'],
      extension: ['engine', 'shared'],
    };
    const wrong = ours.filter(
      ({ from, to }) => house(from) !== house(to) && !allowed[house(from)]?.includes(house(to)),
    );
    assert.deepEqual(said(wrong), []);
  });

  it('bring the engine into shared as types only', () => {
    const wrong = ours.filter(
      ({ from, to, typeOnly }) => house(from) === 'shared' && house(to) === 'engine' && !typeOnly,
    );
    assert.deepEqual(said(wrong), []);
  });

  it('bring the engine into the shell through one door, which is loaded late', () => {
    const wrong = ours.filter(
      ({ from, to, typeOnly }) =>
        house(from) === 'extension' &&
        house(to) === 'engine' &&
        !typeOnly &&
        from !== 'src/extension/engineModule.ts' &&
        !worker.test(from),
    );
    assert.deepEqual(said(wrong), []);
  });

  it('leave what runs in the reader’s thread to that thread', () => {
    const wrong = ours.filter(({ from, to, typeOnly }) => worker.test(to) && !worker.test(from) && !typeOnly);
    assert.deepEqual(said(wrong), []);
    const editor = imports.filter(({ from, to }) => worker.test(from) && to === 'vscode');
    assert.deepEqual(said(editor), []);
  });

  it('run one way between the folders of the engine', () => {
    const floors = [
      ['', 'connections', 'tools', 'archive', 'pgdata'],
      ['artifacts', 'inventory'],
      ['points', 'physical'],
      ['backup', 'restore', 'compare'],
      ['jobs', 'history'],
    ];
    const floor = (path: string): number => floors.findIndex((rooms) => rooms.includes(room(path)));
    const engine = ours.filter(({ from, to }) => house(from) === 'engine' && house(to) === 'engine');
    const unknown = [...new Set(engine.map(({ from }) => from))].filter((path) => floor(path) < 0);
    assert.deepEqual(unknown, [], 'a new folder of the engine needs its floor named here');
    const wrong = engine.filter(
      ({ from, to, typeOnly }) =>
        // plan.ts and types.ts are nouns: data that every floor may speak of.
        !(typeOnly && (room(from) === '' || /\/(types|events)\.ts$/.test(to))) && floor(from) < floor(to),
    );
    assert.deepEqual(said(wrong), []);
  });

  it('enter a folder of the engine by its index', () => {
    const wrong = ours.filter(
      ({ from, to }) =>
        house(to) === 'engine' &&
        room(to) !== '' &&
        (house(from) !== 'engine' || (room(from) !== room(to) && room(from) !== '')) &&
        !/^src\/engine\/[^/]+\/(index|types|events|restoring|comparing|decoding|segments)\.ts$/.test(to),
    );
    assert.deepEqual(said(wrong), []);
  });

  it('know the editor in the shell only, and the DOM’s library in the pages only', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        (to === 'vscode' && house(from) !== 'extension') || (/^preact/.test(to) && house(from) !== 'webview'),
    );
    assert.deepEqual(said(wrong), []);
  });

  it('start programs in one place', () => {
    const wrong = imports.filter(
      ({ from, to, typeOnly }) =>
        (/^(node:)?child_process$/.test(to) && !typeOnly && from !== 'src/engine/askSync.ts') ||
        (to === 'execa' && from !== 'src/engine/startProcess.ts') ||
        // And that one only when a program is started.
        (to === 'src/engine/startProcess.ts' && !typeOnly && from !== 'src/engine/process.ts'),
    );
    assert.deepEqual(said(wrong), []);
  });

  it('make no circles', () => {
    const next = new Map<string, string[]>();
    for (const { from, to, typeOnly } of ours) if (!typeOnly) next.set(from, [...(next.get(from) ?? []), to]);
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (path: string, trail: string[]): void => {
      const at = trail.indexOf(path);
      if (at >= 0) circles.push([...trail.slice(at), path].join(' → '));
      if (at >= 0 || done.has(path)) return;
      for (const to of next.get(path) ?? []) walk(to, [...trail, path]);
      done.add(path);
    };
    for (const path of files) walk(path, []);
    assert.deepEqual(circles, []);
  });
});
