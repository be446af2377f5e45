import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Who may import what; the reasons are in CONTRIBUTING.md. */
const walls = [
  {
    files: ['src/protocol/**'],
    banned: ['../engine', '../react', '../server', '../sandbox', '../vendors', 'react', '@tanstack'],
  },
  { files: ['src/vendors/**'], banned: ['../'] },
  {
    files: ['src/engine/**'],
    banned: [
      '../react',
      '../../react',
      '../server',
      '../../server',
      '../sandbox',
      '../../sandbox',
      '../vendors',
      '../../vendors',
      'react',
      '@tanstack',
    ],
  },
  {
    files: ['src/react/**'],
    banned: [
      '../engine/*',
      '../../engine/*',
      '!../engine/index.js',
      '!../../engine/index.js',
      '../server',
      '../sandbox',
      '../vendors',
    ],
  },
  {
    files: ['src/server/**'],
    banned: [
      '../engine',
      '../../engine',
      '../../../engine',
      '../react',
      '../sandbox',
      '../../sandbox',
      '../../../sandbox',
      'node:*',
    ],
  },
  {
    files: ['src/sandbox/**'],
    banned: [
      '../engine',
      '../server',
      '../../server',
      '../../../server',
      '../react',
      '../protocol',
      '../../protocol',
    ],
  },
];

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
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
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
    files: ['scripts/**', 'e2e/bench/**', 'eslint.config.js'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'no-console': 'off' },
  },
  { files: ['src/react/**/*.{ts,tsx}', 'src/demo/**/*.{ts,tsx}'], ...hooks.configs.flat.recommended },
  {
    files: ['**/*.test.{ts,tsx}', 'e2e/**'],
    rules: { '@typescript-eslint/unbound-method': 'off', '@typescript-eslint/require-await': 'off' },
  },
  ...walls.map(({ files, banned }) => ({
    files,
    ignores: ['**/*.test.ts', '**/*.test.tsx'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: banned,
              message: 'This folder may not import that; see "Who imports whom" in CONTRIBUTING.md.',
            },
          ],
        },
      ],
    },
  })),
);
