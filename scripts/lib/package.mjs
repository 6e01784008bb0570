import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrThrow } from './run.mjs';

/** Packages the extension as users get it; the path of the VSIX. Leaves a development build behind. */
export async function packageExtension(root) {
  const vsix = join(root, 'test-results', 'restore-point.vsix');
  await mkdir(join(root, 'test-results'), { recursive: true });
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  await runOrThrow(process.execPath, [vsce, 'package', '--no-dependencies', '--out', vsix], { cwd: root });
  await runOrThrow(process.execPath, ['esbuild.js'], { cwd: root });
  return vsix;
}
