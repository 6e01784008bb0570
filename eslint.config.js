const js = require('@eslint/js');
const ts = require('typescript-eslint');

const spawning = ['child_process', 'node:child_process', 'execa'].map((name) => ({
  name,
  message: 'Programs are started by src/engine/process.ts only (startProcess.ts, askSync.ts).',
}));

const editor = { name: 'vscode', message: 'Only src/extension knows the editor.' };

/** Folders of src that one of them may not import; exact in test/unit/house/imports.test.ts, early here. */
function mayNotImport(files, folders, message, others = []) {
  const patterns = [{ regex: `^(\\.\\./)+(${folders.join('|')})(/|$)`, message }];
  return {
    files: [files],
    rules: { 'no-restricted-imports': ['error', { paths: [...spawning, ...others], patterns }] },
  };
}

module.exports = ts.config(
  { ignores: ['dist/**', 'node_modules/**', 'test-results/**', 'media/**'] },
  js.configs.recommended,
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: Object.fromEntries(
        'require module __dirname process console fetch performance setTimeout clearTimeout setInterval clearInterval URL URLSearchParams'
          .split(' ')
          .map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [ts.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      // Names of databases and tool output really hold control characters.
      'no-control-regex': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  mayNotImport(
    'src/engine/**',
    ['shared', 'extension', 'webview', 'cli'],
    'The engine imports nothing of ours.',
    [editor],
  ),
  mayNotImport('src/shared/**', ['extension', 'webview', 'cli'], 'Shared imports engine types only.', [
    editor,
  ]),
  mayNotImport('src/webview/**', ['engine', 'extension', 'cli'], 'Pages import shared only.', [editor]),
  mayNotImport(
    'src/cli/**',
    ['extension', 'webview', 'shared'],
    'The command line imports the engine only.',
    [editor],
  ),
  mayNotImport('src/extension/**', ['webview', 'cli'], 'The shell imports engine and shared.'),
  {
    files: ['src/engine/startProcess.ts', 'src/engine/askSync.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
);
