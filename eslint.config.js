import hooks from 'eslint-plugin-react-hooks';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { testFiles, walls } from './scripts/walls.mjs';

export default tseslint.config(
  {
    ignores: [
      'dist',
      'dist-demo',
      '.sandbox',
      '.media',
      'test-results*',
      'playwright-report',
      'storybook-static',
      'e2e/bench/.build',
      // Built by the tools of their frameworks.
      'e2e/hosts/*/**',
      'e2e/hosts-server',
      'starter',
      // Compiled against the packed package only.
      'scripts/consumer',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createNodeResolver({
          extensions: ['.ts', '.tsx', '.js', '.mjs'],
          extensionAlias: { '.js': ['.ts', '.tsx', '.js'] },
        }),
      ],
    },
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js', 'scripts/*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['scripts/**', 'e2e/{bench,clients,hosts}/**', 'eslint.config.js'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'no-console': 'off' },
  },
  { files: ['src/react/**/*.{ts,tsx}', 'src/demo/**/*.{ts,tsx}'], ...hooks.configs.flat.recommended },
  {
    files: [
      '**/*.test.{ts,tsx}',
      'e2e/**',
      'storybook/**',
      'src/**/contract-suite.ts',
      'src/**/test-support/**',
    ],
    rules: {
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}', 'scripts/**/*.mjs'],
    // A test file describes one subject, and a `describe` around its tests is a function.
    ignores: testFiles,
    rules: {
      'max-lines-per-function': ['error', { max: 80 }],
      'max-params': ['error', 4],
      'max-lines': ['error', 400],
    },
  },
  {
    // Tables of words: one entry per sentence.
    files: ['src/react/locales/**/*.ts'],
    rules: { 'max-lines': 'off' },
  },
  // The object that hosts hold: one method per command.
  { files: ['src/engine/uploader.ts'], rules: { 'max-lines': ['error', 450] } },
  // One attempt, the part it is of, and what it runs in.
  { files: ['src/engine/parts/send-part.ts'], rules: { 'max-params': ['error', 5] } },
  ...walls(),
);
