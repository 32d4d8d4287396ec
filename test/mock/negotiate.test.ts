/** Which of several media types an answer has: by Accept, and as servers mostly read it. */

import { describe, expect, test } from 'vitest';
import { createMock } from '../../mock/index.js';
import type { JsonObject } from '../../openapi/index.js';
import { contractOf } from './contracts.js';

const contentOf = (types: readonly string[]): JsonObject => ({
  get: {
    responses: {
      200: {
        description: 'Done.',
        content: Object.fromEntries(
          types.map((type) => [type, { example: /xml/.test(type) ? '<a/>' : /json/.test(type) ? {} : 'a' }]),
        ),
      },
    },
  },
});

const contract = await contractOf('types', {
  paths: {
    '/several': contentOf(['application/json', 'text/csv', 'application/xml', 'text/plain']),
    '/vendor': contentOf(['application/xml', 'application/vnd.shop.v2+json']),
    '/charset': contentOf(['application/json; charset=utf-8']),
    '/text': contentOf(['text/csv']),
    '/versions': contentOf(['application/json;version=1', 'application/json;version=2']),
  },
});

describe('an answer', () => {
  test.each<[path: string, accept: string | undefined, expected: string | 406]>([
    ['/several', undefined, 'application/json'],
    ['/several', '*/*', 'application/json'],
    ['/several', 'text/csv', 'text/csv'],
    ['/several', 'text/*', 'text/csv'],
    ['/several', 'text/*;q=0.5, application/xml;q=0.7', 'application/xml'],
    ['/several', 'text/csv;q=0, text/*', 'text/plain'],
    ['/several', 'application/xml;q=0.2, */*;q=0.1', 'application/xml'],
    ['/several', 'image/png, */*;q=0.01', 'application/json'],
    ['/several', 'nonsense', 'application/json'],
    ['/several', 'image/png', 406],
    ['/several', 'application/vnd.github.v3+json', 'application/json'],
    ['/several', 'application/json; charset=utf-8', 'application/json'],
    ['/several', 'text/csv; header=present', 'text/csv'],
    ['/several', 'application/hal+json, application/json;q=0', 406],
    ['/vendor', undefined, 'application/xml'],
    ['/vendor', 'application/json', 'application/vnd.shop.v2+json'],
    ['/vendor', 'application/json, */*;q=0.1', 'application/xml'],
    ['/vendor', 'application/json;q=0', 406],
    ['/charset', 'application/json', 'application/json; charset=utf-8'],
    ['/charset', 'application/json; charset=UTF-8', 'application/json; charset=utf-8'],
    ['/charset', 'application/problem+json', 'application/json; charset=utf-8'],
    ['/text', 'application/json', 406],
    ['/text', 'text/plain', 406],
    ['/versions', 'application/json;version=2', 'application/json;version=2'],
    ['/versions', 'application/json', 'application/json;version=1'],
    ['/versions', 'application/json;version=3', 'application/json;version=1'],
  ])('of %s to Accept: %s has the type %s', async (path, accept, expected) => {
    const headers: Record<string, string> = accept === undefined ? {} : { accept };
    const response = await createMock(contract, { seed: 1 }).request(path, { headers });
    const type = response.headers.get('content-type');
    expect(response.status === 406 ? response.status : type).toBe(expected);
    if (expected === 406) expect(type).toBe('application/problem+json');
  });
});
