/** The JSON Schema Test Suite, draft 2020-12, through the schemas of a contract. */

import { describe, expect, test } from 'vitest';
import { walkThrough } from '../../openapi/document/objects.js';
import { referenceProblems } from '../../openapi/document/references.js';
import { isObject } from '../../openapi/json.js';
import { createSchemas } from '../../openapi/schema/schema.js';
import { documentOf, type SuiteCase, suiteCases, suiteNeeds } from './json-schema-suite.js';

/**
 * Where a value is refused that the suite takes: newer suites say that a format is an annotation "by default", and leave it
 * to a tool to hold values to it (validation, 7.2.1). Documents of OpenAPI count on that.
 */
function isFormat(group: SuiteCase, title: string): boolean {
  return group.file === 'format' && title.endsWith('is only an annotation by default');
}

/** What does not come out as the suite says: `file: schema: value`. */
function wrong(groups: readonly SuiteCase[]): readonly string[] {
  return groups.flatMap(({ file, title, documents, at, tests }) => {
    const schemas = createSchemas(documents, '3.1');
    return tests
      .filter(({ value, isValid }) => (schemas.violations(at, value, 'response').length === 0) !== isValid)
      .map((each) => `${file}: ${title}: ${each.title}`);
  });
}

const groups = suiteCases();

describe.skipIf(suiteNeeds !== '')(`the required cases of the suite${suiteNeeds}`, () => {
  test.each([...new Set(groups.map(({ file }) => file))])('%s', (name) => {
    const own = groups.filter(({ file }) => file === name);
    const expected = own.flatMap((group) => group.tests.filter(({ title }) => !isFormat(group, title)));
    const formats = own.flatMap((group) => group.tests.filter(({ title }) => isFormat(group, title)));
    const found = wrong(own).filter((each) => !each.endsWith('is only an annotation by default'));
    expect(expected.length + formats.length).toBeGreaterThan(0);
    expect(found).toEqual([]);
  });

  test('hold as well where the schema stands among the components of a document', () => {
    // What the suite writes is relative to the schema itself: it needs a name of its own then.
    const embedded = groups.flatMap((group): SuiteCase[] => {
      const { schema } = group;
      if (!isObject(schema)) return [];
      const own = { $id: `https://suite.example/${group.file}`, ...schema };
      const { root, sources } = documentOf(group.documents.root, own);
      return [{ ...group, documents: { root, sources: new Map([...group.documents.sources, ...sources]) } }];
    });
    expect(embedded.length).toBeGreaterThan(250);
    expect(wrong(embedded).filter((each) => !each.endsWith('is only an annotation by default'))).toEqual([]);
  });

  test('lead somewhere, every reference, as loading sees it', () => {
    const dangling = groups.flatMap(({ file, title, documents }) => {
      const walk = walkThrough(documents);
      walk.goOn();
      const problems = referenceProblems({ documents, failures: new Map(), walk });
      return problems.map(({ what }) => `${file}: ${title}: ${what}`);
    });
    expect(dangling).toEqual([]);
  });

  test('refuse what they refuse: a schema that says nothing comes out wrong', () => {
    const blank = groups.map((group) => {
      const documents = documentOf(group.documents.root, true);
      return { ...group, documents };
    });
    const invalid = groups.flatMap(({ tests }) => tests.filter(({ isValid }) => !isValid));
    expect(wrong(blank)).toHaveLength(invalid.length);
  });
});

/** What is valid and refused all the same: by title, each with its reason. */
const tooStrict: Readonly<Record<string, string>> = {
  'a quoted string with a space in the local part is valid': 'no provider hands out such addresses',
  'a quoted string with a double dot in the local part is valid': 'no provider hands out such addresses',
  'a quoted string with a @ in the local part is valid': 'no provider hands out such addresses',
  'an IPv4-address-literal after the @ is valid': 'mail is addressed to names',
  'an IPv6-address-literal after the @ is valid': 'mail is addressed to names',
  'a second fraction of fifteen nines is valid': 'it is rounded up to a leap second',
  'a dotted variable name is valid': 'the pattern of Ajv knows no dots in names',
  'an apostrophe in a literal is valid': 'the pattern of Ajv knows no apostrophes',
};

describe.skipIf(suiteNeeds !== '')(`values of a format${suiteNeeds}`, () => {
  const formats = [...new Map(suiteCases('optional/format').map((group) => [group.file, group])).keys()];

  test.each(formats)('%s', (name) => {
    const refused = suiteCases('optional/format')
      .filter(({ file }) => file === name)
      .flatMap(({ documents, at, tests }) => {
        const schemas = createSchemas(documents, '3.1');
        const valid = tests.filter(({ isValid, title }) => isValid && !Object.hasOwn(tooStrict, title));
        return valid.filter(({ value }) => schemas.violations(at, value, 'response').length > 0);
      });
    expect(refused).toEqual([]);
  });
});
