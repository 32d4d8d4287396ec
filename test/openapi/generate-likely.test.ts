/** Values that look real: by format, by name, and by what the name belongs to; and only where the schema allows them. */

import { describe, expect, test } from 'vitest';
import type { Documents } from '../../openapi/document/documents.js';
import { parseSource } from '../../openapi/document/locate.js';
import { createGenerator, type GenerateContext } from '../../openapi/generate/generate.js';
import { asObject, type Json, type JsonObject, pointedTo } from '../../openapi/json.js';
import { seededRandom } from '../../openapi/random.js';

const now = Date.parse('2024-02-28T12:00:00Z');
const file = 'schemas.json';

function make(schema: Json, seed = 1, others: JsonObject = {}, context: Partial<GenerateContext> = {}): Json {
  const source = parseSource(file, JSON.stringify({ A: schema, ...others }));
  const documents: Documents = { root: file, sources: new Map([[file, source]]) };
  const generate = createGenerator(documents, '3.1');
  const rest = { now, secret: '', fixed: {}, dynamic: false, ...context };
  return generate({ file, pointer: '/A' }, { random: seededRandom(seed), ...rest });
}

const object = (properties: JsonObject): JsonObject => ({ type: 'object', properties });
const text: Json = { type: 'string' };
const seeds = Array.from({ length: 8 }, (_, seed) => seed);

describe('a text by its name', () => {
  test.each<[names: readonly string[], pattern: RegExp]>([
    [['email', 'emailAddress', 'e-mail', 'contact_email'], /^[a-z\d.]+@example\.(?:com|org|net)$/],
    [['first_name', 'firstName', 'first-name', 'last_name', 'lastName'], /^[A-Z][A-Za-z'’-]+$/],
    [['full_name', 'fullName'], /^\S+ \S+/],
    [['phone', 'phoneNumber', 'mobile'], /^\+\d{11}$/],
    [['zip', 'postal_code', 'postCode'], /^\d{5}$/],
    [['country_code', 'countryCode'], /^[A-Z]{2}$/],
    [['currency', 'currency_code'], /^[A-Z]{3}$/],
    [['avatar_url', 'imageUrl', 'photo'], /^https:\/\/\S+\.jpg$/],
    [['url', 'html_url', 'websiteUrl'], /^https:\/\/www\.example\.com\/\S+$/],
    [['price', 'totalAmount'], /^\d+\.\d{2}$/],
    [['created_at', 'updatedAt', 'expires-at'], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/],
    [['birth_date', 'date', 'dob'], /^\d{4}-\d\d-\d\d$/],
    [['id', 'userId', 'user_id'], /^[\da-f]{24}$|^[\da-f]{8}-[\da-f-]{27}$/],
    [['uuid'], /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/],
    [['username', 'login'], /^[a-z\d.]+$/],
    [['color', 'backgroundColour'], /^#[\da-f]{6}$/],
    [['latitude', 'lng'], /^-?\d+\.\d{5}$/],
    [['ip', 'ip_address'], /^\d+\.\d+\.\d+\.\d+$/],
    [['locale'], /^[a-z]{2}-[A-Z]{2}$/],
    [['timezone', 'timeZone', 'time_zone'], /^[A-Z][a-z]+\/[A-Z]\w+$/],
    [['file_name', 'fileName'], /^\S+\.\w+$/],
    [['mime_type', 'contentType'], /^[a-z]+\/[a-z]+$/],
    [['sha', 'commit_hash'], /^[\da-f]{40}$/],
    [['token', 'api_key', 'accessToken'], /^[A-Za-z\d]{32}$/],
    [['slug'], /^[a-z-]+$/],
    [['version', 'apiVersion'], /^\d+\.\d+\.\d+$/],
    [['description', 'bio', 'comment', 'message'], /^\S+ ?\S/],
    [['status'], /^(?:active|pending|completed|inactive)$/],
    [['city', 'street', 'company', 'title', 'country'], /^\S/],
  ])('%j', (names, pattern) => {
    for (const seed of seeds)
      for (const [name, value] of Object.entries(
        asObject(make(object(Object.fromEntries(names.map((each) => [each, text]))), seed)),
      ))
        expect(`${name}: ${value}`).toMatch(
          new RegExp(`^${name}: (?:${pattern.source.replaceAll('^', '')})`, 'u'),
        );
  });
});

describe('a number by its name', () => {
  test.each<[name: string, type: string, from: number, to: number]>([
    ['latitude', 'number', -90, 90],
    ['longitude', 'number', -180, 180],
    ['age', 'integer', 18, 80],
    ['quantity', 'integer', 1, 48],
    ['orders_count', 'integer', 1, 48],
    ['percentage', 'number', 0, 100],
    ['rating', 'number', 1, 5],
    ['totalPrice', 'number', 1, 500],
    ['created_at', 'integer', now / 1000 - 401 * 86_400, now / 1000],
    ['expiresAt', 'integer', now / 1000, now / 1000 + 366 * 86_400],
  ])('%s', (name, type, from, to) => {
    for (const seed of seeds) {
      const value = pointedTo(make(object({ [name]: { type } }), seed), `/${name}`);
      expect(value).toBeGreaterThanOrEqual(from);
      expect(value).toBeLessThanOrEqual(to);
    }
  });
});

describe('a name', () => {
  const named = object({ name: text });

  test('is that of what it belongs to, by the member or by the schema', () => {
    const schema = object({
      user: named,
      file: named,
      things: { type: 'array', items: { $ref: '#/File' }, minItems: 1 },
      project: named,
    });
    for (const seed of seeds) {
      const value = make(schema, seed, { File: named });
      expect(pointedTo(value, '/user/name')).toMatch(/^[A-Z]\S+ [A-Z]/);
      expect(pointedTo(value, '/file/name')).toMatch(/\.\w+$/);
      expect(pointedTo(value, '/things/0/name')).toMatch(/\.\w+$/);
      expect(pointedTo(value, '/project/name')).toMatch(/^[a-z-]+$/);
    }
  });

  test('goes with the e-mail and the parts of the name beside it', () => {
    const schema = { $ref: '#/User' };
    const User = object({ name: text, firstName: text, last_name: text, email: text });
    const { name, firstName, last_name, email } = asObject(make(schema, 3, { User }));
    expect(name).toBe(`${firstName} ${last_name}`);
    expect(email).toContain(String(firstName).toLowerCase());
  });
});

describe('instants', () => {
  const instant: Json = { type: 'string', format: 'date-time' };

  test('lie where their names say, as seen from now', () => {
    const schema = object({ created_at: instant, updatedAt: instant, expires_at: instant, at: instant });
    for (const seed of seeds) {
      const value = asObject(make(schema, seed));
      const [created = 0, updated = 0, expires = 0, at = 0] = Object.values(value).map((each) =>
        Date.parse(String(each)),
      );
      expect(created).toBeLessThan(updated);
      expect(updated).toBeLessThanOrEqual(now);
      expect(expires).toBeGreaterThan(now);
      expect(Math.abs(now - at)).toBeLessThan(31 * 86_400_000);
    }
  });
});

describe('what looks real gives way to the schema', () => {
  test.each<[name: string, schema: JsonObject, pattern: RegExp]>([
    ['email', { pattern: '^[0-9]{4}$' }, /^\d{4}$/],
    ['description', { maxLength: 20 }, /^.{1,20}$/u],
    ['description', { minLength: 300 }, /^.{300,}$/su],
    ['country', { maxLength: 2 }, /^[A-Z]{2}$/],
    ['currency', { enum: ['EUR'] }, /^EUR$/],
    ['id', { maxLength: 8 }, /^[\da-f]{1,8}$/],
    ['phone', { pattern: '^\\d{3}-\\d{4}$' }, /^\d{3}-\d{4}$/],
    ['name', { const: 'x' }, /^x$/],
    ['url', { example: 'https://a.example' }, /^https:\/\/a\.example$/],
  ])('%s with %j', (name, schema, pattern) => {
    for (const seed of seeds)
      expect(pointedTo(make(object({ [name]: { type: 'string', ...schema } }), seed), `/${name}`)).toMatch(
        pattern,
      );
  });
});

describe('members that travel one way', () => {
  const schema = object({
    id: { type: 'string', readOnly: true },
    password: { type: 'string', writeOnly: true },
    login: text,
  });

  test('are made for that way only', () => {
    expect(Object.keys(asObject(make(schema)))).toEqual(['id', 'login']);
    expect(Object.keys(asObject(make(schema, 1, {}, { direction: 'request' })))).toEqual([
      'password',
      'login',
    ]);
  });
});

describe('a discriminator', () => {
  const Cat = { ...object({ kind: text, lives: { type: 'integer' } }), required: ['lives'] };
  const Dog = { ...object({ kind: text, tricks: { type: 'integer' } }), required: ['tricks'] };
  const components = { components: { schemas: { Cat, Dog } } };
  const oneOf = ['Cat', 'Dog'].map((name): Json => ({ $ref: `#/components/schemas/${name}` }));

  test.each<[what: string, mapping: JsonObject, cat: string, dog: string]>([
    ['without a mapping', {}, 'Cat', 'Dog'],
    ['with one', { c: '#/components/schemas/Cat', d: 'Dog' }, 'c', 'd'],
  ])('%s leads to the alternative that was made', (_, mapping, cat, dog) => {
    const schema = { oneOf, discriminator: { propertyName: 'kind', mapping } };
    const kinds = new Set<Json>();
    for (const seed of seeds) {
      const { kind = '', ...rest } = asObject(make(schema, seed, components));
      kinds.add(kind);
      expect(rest).toEqual(kind === cat ? { lives: expect.any(Number) } : { tricks: expect.any(Number) });
    }
    expect([...kinds].sort()).toEqual([cat, dog].sort());
  });

  test('of what others inherit from leads to one of these', () => {
    const Pet = {
      ...object({ kind: text }),
      required: ['kind'],
      discriminator: { propertyName: 'kind', mapping: { cat: 'Cat' } },
    };
    const heir = { allOf: [{ $ref: '#/components/schemas/Pet' }, object({ lives: { type: 'integer' } })] };
    const value = make({ $ref: '#/components/schemas/Pet' }, 1, {
      components: { schemas: { Pet, Cat: heir } },
    });
    expect(value).toEqual({ kind: 'cat', lives: expect.any(Number) });
  });
});
