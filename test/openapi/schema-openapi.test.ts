/** What OpenAPI adds to JSON Schema: discriminators, members of one direction, formats (3.0, 4.7.24 and 4.4; 3.1, 4.8.25; 3.2, 4.25). */

import { describe, expect, test } from 'vitest';
import type { Documents } from '../../openapi/document/documents.js';
import { parseSource } from '../../openapi/document/locate.js';
import { asObject, type Json } from '../../openapi/json.js';
import type { Dialect, Direction } from '../../openapi/schema/dialect.js';
import { createSchemas } from '../../openapi/schema/schema.js';

const file = 'openapi.yaml';

/** How the component named A refuses a value: `pointer keyword`. */
function refusals(
  components: string,
  value: Json,
  direction: Direction = 'response',
  dialect: Dialect = '3.1',
): readonly string[] {
  const text = `components:\n  schemas:\n${components.replace(/^/gm, '    ')}\n`;
  const documents: Documents = { root: file, sources: new Map([[file, parseSource(file, text)]]) };
  const at = { file, pointer: '/components/schemas/A' };
  const found = createSchemas(documents, dialect).violations(at, value, direction);
  return found.map(({ pointer, keyword }) => `${pointer} ${keyword}`);
}

const ref = (name: string): string => `{ $ref: '#/components/schemas/${name}' }`;

/** Two alternatives that nothing but their names tells apart. */
const pets = `
Cat: { type: object, required: [kind], properties: { kind: { type: string }, size: { type: integer } } }
Dog: { type: object, required: [kind], properties: { kind: { type: string }, size: { type: boolean } } }`;

const choice = (keyword: string, discriminator: string): string =>
  `A: { ${keyword}: [${ref('Cat')}, ${ref('Dog')}], discriminator: { propertyName: kind${discriminator} } }${pets}`;

describe('of discriminated alternatives the one that is named is told', () => {
  const mapping = `, mapping: { tom: Cat, rex: '#/components/schemas/Dog' }`;
  test.each<[discriminator: string, value: Json, found: readonly string[]]>([
    ['', { kind: 'Cat', size: 'x' }, ['/size type']],
    ['', { kind: 'Dog', size: 5.5 }, ['/size type']],
    ['', { kind: 'Dog', size: true }, []],
    ['', { kind: 'Cow', size: 'x' }, [' oneOf']],
    ['', { kind: 5, size: 1 }, [' oneOf']],
    ['', { size: 'x' }, [' oneOf']],
    ['', 'Cat', [' type']],
    [mapping, { kind: 'tom', size: 'x' }, ['/size type']],
    [mapping, { kind: 'rex', size: 'x' }, ['/size type']],
    [mapping, { kind: 'Cat', size: 'x' }, ['/size type']],
    [mapping, { kind: 'cow', size: 'x' }, [' oneOf']],
    [', mapping: { tom: Cow }', { kind: 'tom', size: 'x' }, [' oneOf']],
    [', mapping: 5', { kind: 'Cat', size: 'x' }, ['/size type']],
    [', defaultMapping: Dog', { size: 'x' }, ['/kind required', '/size type']],
    [', defaultMapping: Dog', { kind: 'cow', size: 'x' }, ['/size type']],
    [', defaultMapping: Dog', { kind: 'Cat', size: 'x' }, ['/size type']],
    [", defaultMapping: '#/components/schemas/Dog'", { kind: 'cow', size: 'x' }, ['/size type']],
  ])('{ propertyName: kind%s }: %j', (discriminator, value, found) => {
    expect(refusals(choice('oneOf', discriminator), value)).toEqual(found);
    expect(refusals(choice('anyOf', discriminator), value)).toEqual(
      found.map((each) => each.replace('oneOf', 'anyOf')),
    );
  });

  test('by its place in the document', () => {
    const text = `components:\n  schemas:\n${choice('oneOf', '').replace(/^/gm, '    ')}\n`;
    const documents: Documents = { root: file, sources: new Map([[file, parseSource(file, text)]]) };
    const at = { file, pointer: '/components/schemas/A' };
    const [found] = createSchemas(documents, '3.1').violations(at, { kind: 'Dog', size: 5 }, 'response');
    expect(found).toBeUndefined();
    const [wrong] = createSchemas(documents, '3.1').violations(at, { kind: 'Dog', size: 'x' }, 'response');
    expect(wrong?.schema.pointer).toBe('/components/schemas/Dog/properties/size/type');
  });

  test('and what is valid stays what oneOf and anyOf say', () => {
    const both = { kind: 'Dog' };
    expect(refusals(choice('oneOf', ''), both)).toEqual([' oneOf']);
    expect(refusals(choice('anyOf', ''), both)).toEqual([]);
    expect(refusals(choice('anyOf', ''), { kind: 'Dog', size: 5 })).toEqual([]);
  });

  test('though an alternative fixes the property by way of allOf', () => {
    const text = `
A: { oneOf: [${ref('Cat')}, ${ref('Dog')}], discriminator: { propertyName: kind } }
Base: { type: object, required: [kind], properties: { kind: { type: string } } }
Cat: { allOf: [${ref('Base')}, { properties: { kind: { const: cat }, size: { type: integer } } }] }
Dog: { allOf: [${ref('Base')}, { properties: { kind: { const: dog } } }] }`;
    expect(refusals(text.trim(), { kind: 'cat', size: 'x' })).toEqual(['/size type']);
    expect(refusals(text.trim(), { kind: 'cow' })).toEqual(['/kind enum']);
  });
});

describe('alternatives that refer back to their choice', () => {
  const text = `
A: { type: object, required: [kind], properties: { kind: { type: string } }, oneOf: [${ref('Cat')}, ${ref('Dog')}], discriminator: { propertyName: kind } }
Cat: { allOf: [${ref('A')}, { type: object, required: [lives], properties: { lives: { type: integer } } }] }
Dog: { allOf: [${ref('A')}, { type: object, required: [name] }] }`;
  test.each<[value: Json, found: readonly string[]]>([
    [{ kind: 'Cat', lives: 9 }, []],
    [{ kind: 'Dog', name: 'Rex' }, []],
    [{ kind: 'Cat' }, ['/lives required']],
    [{ kind: 'Cat', lives: 'x' }, ['/lives type']],
    [{ kind: 'Cow' }, [' oneOf']],
  ])('%j', (value, found) => {
    expect(refusals(text.trim(), value)).toEqual(found);
    const cat = text.trim().replace(/^A:/, 'Pet:').replaceAll('schemas/A', 'schemas/Pet');
    const alone = refusals(`A: ${ref('Cat')}\n${cat}`, value);
    expect(alone.length === 0).toBe('lives' in asObject(value) && found.length === 0);
  });
});

describe('a member of one direction', () => {
  const own = '{ required: [id, name], properties: { id: { FLAG: true }, name: {} } }';
  const forms: Readonly<Record<string, string>> = {
    'in the schema itself': `A: ${own}`,
    'behind a reference': `A: ${ref('B')}\nB: ${own}`,
    'in one branch, and required in another':
      'A: { allOf: [{ required: [id, name] }, { properties: { id: { FLAG: true } } }] }',
    'in a branch that is referred to': `A: { allOf: [${ref('B')}, { required: [id, name] }] }\nB: { properties: { id: { FLAG: true } } }`,
    'required by a branch that is referred to': `A: { allOf: [${ref('B')}], properties: { id: { FLAG: true } } }\nB: { required: [id, name] }`,
    'required by a branch of such a branch': `A: { allOf: [${ref('B')}, { properties: { id: { FLAG: true } } }] }\nB: { allOf: [${ref('C')}] }\nC: { required: [id, name] }`,
    'required beside the branches': `A: { required: [id, name], allOf: [${ref('B')}] }\nB: { properties: { id: { FLAG: true } } }`,
    'required by an alternative':
      'A: { properties: { id: { FLAG: true } }, anyOf: [{ required: [id, name] }] }',
    'whose schema is referred to': `A: { required: [id, name], properties: { id: ${ref('Id')} } }\nId: { FLAG: true }`,
    'whose schema is put together': `A: { required: [id, name], properties: { id: { allOf: [${ref('Id')}] } } }\nId: { FLAG: true }`,
  };
  const rows = Object.entries(forms).flatMap(([what, text]) =>
    (['3.0', '3.1'] as const).flatMap((dialect) => [
      [what, dialect, 'readOnly', 'request', 'response', text] as const,
      [what, dialect, 'writeOnly', 'response', 'request', text] as const,
    ]),
  );

  test.each(rows)(
    '%s (%s, %s) is not required of a %s, but of a %s',
    (_, dialect, flag, without, with_, text) => {
      const written = text.replaceAll('FLAG', flag);
      expect(refusals(written, { name: 1 }, without, dialect)).toEqual([]);
      expect(refusals(written, { name: 1 }, with_, dialect)).toEqual(['/id required']);
      expect(refusals(written, {}, without, dialect)).toEqual(['/name required']);
    },
  );

  test('is required as ever where it is met otherwise', () => {
    const text = `A: { properties: { b: ${ref('B')}, c: { allOf: [${ref('B')}, { properties: { id: { readOnly: true } } }] } } }\nB: { required: [id] }`;
    expect(refusals(text, { b: {}, c: {} }, 'request')).toEqual(['/b/id required']);
  });

  test('leaves no alternative that would fit beside the others', () => {
    const text =
      'A: { properties: { id: { readOnly: true } }, oneOf: [{ required: [id] }, { required: [name] }] }';
    expect(refusals(text, { name: 1 }, 'request')).toEqual([]);
  });
});

describe('a format', () => {
  test.each<[schema: string, good: readonly Json[], bad: readonly Json[]]>([
    ['{ type: integer, format: int32 }', [0, -2147483648, 2147483647], [2147483648, -2147483649, 1.5]],
    ['{ type: number, format: int32 }', [5], [1.5, 2147483648]],
    ['{ type: integer, format: int64 }', [2147483648, 2 ** 63, -(2 ** 63)], [1e19, 1.5]],
    ['{ type: number, format: float }', [1.5, 1e300], ['1.5']],
    ['{ type: number, format: double }', [1.5, 1e300], ['1.5']],
    [
      '{ type: string, format: byte }',
      ['', 'YQ==', 'YWJj', 'YWJj\r\nYWJj\n'],
      ['a', 'YQ=', 'Y_Jj', 'YWJj\n!'],
    ],
    ['{ type: string, format: binary }', ['', '\u0000ÿ'], [5]],
    ['{ type: string, format: password }', ['', 'secret'], [5]],
    ['{ type: string, format: int32 }', ['x', '5'], [5]],
    ['{ type: string, format: made-up }', ['x', ''], [5]],
    ['{ format: date }', ['2024-02-29', 5, null, {}], ['2023-02-29', '29.2.2024']],
    ['{ type: string, format: uuid }', ['b26f596d-d960-46ec-baf6-c7930d935120'], ['b26f596d']],
  ])('%s takes %j, not %j', (schema, good, bad) => {
    for (const dialect of ['3.0', '3.1'] as const) {
      expect(good.flatMap((value) => refusals(`A: ${schema}`, value, 'response', dialect))).toEqual([]);
      for (const value of bad) expect(refusals(`A: ${schema}`, value, 'response', dialect)).not.toEqual([]);
    }
  });
});
