import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * The import table of the house (ARCHITECTURE.md). For each folder: the folders of ours it must not import from,
 * and the packages it must never see. Upward relative paths are the only way from one folder into another.
 */
const folders = ['bot', 'cards', 'domain', 'database', 'microsoft', 'jobs', 'http', 'sandbox', 'cli', 'bench', 'test'];
const allowed = {
  domain: { ours: ['database'], never: ['botbuilder', 'botframework-*', 'restify'] },
  database: { ours: [], never: ['botbuilder', 'botframework-*', 'restify'] },
  cards: { ours: ['domain'], never: ['botbuilder', 'botframework-*', 'knex', 'pg', 'restify'] },
  bot: { ours: ['cards', 'domain'], never: ['knex', 'pg', 'restify', '@azure/msal-node'] },
  microsoft: { ours: ['domain'], never: ['botbuilder', 'knex', 'pg', 'restify'] },
  jobs: { ours: ['cards', 'domain'], never: ['botbuilder', 'botframework-*', 'restify'] },
  http: { ours: [], never: ['botbuilder', 'botframework-*', 'knex', 'pg'] },
};

const importRules = Object.entries(allowed).map(([folder, rule]) => ({
  files: [`${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: rule.never
          .filter((name) => !name.includes('*'))
          .map((name) => ({ name, message: `${folder}/ must not see ${name}.` })),
        patterns: [
          ...folders
            .filter((other) => other !== folder && !rule.ours.includes(other))
            .map((other) => ({
              regex: `^(\\.\\./)+${other}/`,
              message: `${folder}/ must not import ${other}/ (see ARCHITECTURE.md).`,
            })),
          ...rule.never
            .filter((name) => name.includes('*'))
            .map((name) => ({ group: [name], message: `${folder}/ must not see ${name}.` })),
          { regex: '^(\\.\\./)+(app|index|config)\\.js$', message: `${folder}/ gets what it needs as arguments.` },
        ],
      },
    ],
  },
}));

const pureRules = {
  files: ['domain/**/*.ts', 'cards/**/*.ts'],
  rules: {
    'no-restricted-globals': ['error', { name: 'process', message: 'Configuration is an argument here.' }],
    'no-restricted-syntax': [
      'error',
      { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time is an argument here.' },
      {
        selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
        message: 'Time is an argument here.',
      },
      { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' },
    ],
  },
};

const storeRules = {
  files: ['bot/**/*.ts', 'cards/**/*.ts'],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          { regex: '-(store|queries)\\.js$', allowTypeImports: true, message: 'Go through a domain service.' },
        ],
      },
    ],
  },
};

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'coverage', '.avian', 'artefacts'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/require-await': 'off',
    },
  },
  ...importRules,
  pureRules,
  storeRules,
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-unused-expressions': 'off' } },
  { files: ['*.js'], ...tseslint.configs.disableTypeChecked },
);
