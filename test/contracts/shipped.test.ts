/** The shipped contracts, held by other tools than ours against the specifications and the pages that they follow. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import SwaggerParser from '@apidevtools/swagger-parser';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Json, JsonObject } from '../../openapi/json.js';
import { asObject, isObject, pointedTo, pointerTo } from '../../openapi/json.js';
import { shippedApis } from '../../openapi/shipped.js';
import matarPayloads from './matar-payloads.json' with { type: 'json' };

const fileOf = (api: string): string => path.resolve('openapi', api, 'openapi.yaml');

type Document = { readonly api: string; readonly written: Json; readonly whole: Json };

/** Each document as it is written, and with every reference replaced by what it refers to. */
const documents: readonly Document[] = await Promise.all(
  shippedApis().map(async (api) => ({
    api,
    written: parse(await readFile(fileOf(api), 'utf8'), { merge: true }),
    whole: JSON.parse(JSON.stringify(await SwaggerParser.dereference(fileOf(api)))),
  })),
);

const wholeOf = (api: string): Json | undefined => documents.find((document) => document.api === api)?.whole;

type Placed = { readonly api: string; readonly at: string; readonly value: JsonObject };

/** Every object of a document, with its pointer. */
function objects(api: string, value: Json, at = ''): readonly Placed[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => objects(api, item, pointerTo(at, index)));
  if (!isObject(value)) return [];
  const inner = Object.entries(value).flatMap(([name, member]) => objects(api, member, pointerTo(at, name)));
  return [{ api, at, value }, ...inner];
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

const operations: readonly Placed[] = documents.flatMap(({ api, whole }) =>
  objects(api, whole).filter(({ at }) => {
    const [, root, , method = '', ...rest] = at.split('/');
    return root === 'paths' && methods.includes(method) && rest.length === 0;
  }),
);
const idOf = ({ value }: Placed): string => String(value.operationId);

describe.each(documents)('$api', ({ api, whole, written }) => {
  test('is a valid document to swagger-parser', async () => {
    await expect(SwaggerParser.validate(fileOf(api))).resolves.toMatchObject({ openapi: '3.1.1' });
  });

  test('has operations, each with operationId, summary, description and a declared tag', () => {
    const own = operations.filter((operation) => operation.api === api);
    const declared = (pointedTo(whole, '/tags') as readonly Json[]).map((tag) => asObject(tag).name);
    expect(own.length).toBeGreaterThan(0);
    expect(new Set(own.map(idOf)).size).toBe(own.length);
    for (const { value } of own) {
      expect(value).toMatchObject({
        operationId: expect.stringMatching(/^[a-z][A-Za-z]+$/),
        summary: expect.stringMatching(/\S/),
        description: expect.stringMatching(/\S/),
      });
      expect(value.tags).toHaveLength(1);
      for (const tag of value.tags as readonly Json[]) expect(declared).toContain(tag);
    }
  });

  test('names an https server and the documentation that it follows', () => {
    const servers = pointedTo(whole, '/servers') as readonly Json[];
    expect(servers.map((server) => String(asObject(server).url))).not.toHaveLength(0);
    for (const server of servers) expect(asObject(server).url).toMatch(/^https:\/\/[a-z.]+$/);
    expect(pointedTo(whole, '/externalDocs/url')).toMatch(/^https:\/\//);
  });

  const statements = objects(api, written).filter(({ at }) => {
    const steps = at.split('/');
    return steps.at(-2) === 'x-transitions' || steps.at(-2) === 'examples';
  });

  test('has examples and transitions', () => {
    expect(statements.length).toBeGreaterThan(10);
  });

  test.each(statements)('says what $at rests on', ({ value }) => {
    if (value['x-source'] !== undefined) {
      expect(value['x-source']).toMatch(/^https:\/\/(gramhal|xerial)\.gitbook\.io\/\S+$/);
      expect(value).not.toHaveProperty('x-provenance');
      expect(value).not.toHaveProperty('x-reason');
    } else {
      expect(value['x-provenance']).toBe('inferred');
      expect(value['x-reason']).toMatch(/\S.*\.$/s);
    }
  });

  const inferred = objects(api, written).filter(({ value }) => value['x-provenance'] !== undefined);

  test.each(inferred)('gives the ground for $at', ({ value }) => {
    expect(value['x-provenance']).toBe('inferred');
    expect(value['x-reason']).toMatch(/\S/);
  });
});

const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
formats.default(ajv);

type ExampleCase = {
  readonly name: string;
  readonly validate: ValidateFunction;
  readonly value: Json | undefined;
};

const exampleCases: readonly ExampleCase[] = documents.flatMap(({ api, whole }) =>
  objects(api, whole)
    .filter(({ at, value }) => at.split('/').at(-2) === 'content' && isObject(value.schema))
    .flatMap(({ at, value: content }) => {
      const validate = ajv.compile(asObject(content.schema));
      return Object.entries(asObject(content.examples)).map(([name, example]) => ({
        name: `${api} ${at} ${name}`,
        validate,
        value: asObject(example).value,
      }));
    }),
);

describe('every example', () => {
  test('is found', () => {
    expect(exampleCases.length).toBeGreaterThan(15);
  });

  test.each(exampleCases)('fits its schema: $name', ({ validate, value }) => {
    expect(value).toBeDefined();
    expect(validate(value) ? [] : validate.errors).toEqual([]);
  });
});

describe('every example of a response', () => {
  test.each(operations)(
    'of $api $value.operationId is reached by a transition, or says why not',
    (operation) => {
      const { api, value } = operation;
      const responses = Object.entries(asObject(value.responses)).flatMap(([status, response]) =>
        Object.values(asObject(asObject(response).content)).flatMap((content) =>
          Object.entries(asObject(asObject(content).examples)).map(([name, example]) => ({
            id: `${status}#${name}`,
            why: asObject(example)['x-unreached'] ?? asObject(response)['x-unreached'],
          })),
        ),
      );
      const security = (value.security ?? pointedTo(wholeOf(api), '/security') ?? []) as readonly Json[];
      const schemes = security.flatMap((requirement) => Object.keys(asObject(requirement)));
      const owners = [
        value,
        ...schemes.map((scheme) =>
          asObject(pointedTo(wholeOf(api), `/components/securitySchemes/${scheme}`)),
        ),
      ];
      const reached = owners
        .flatMap((owner) => (owner['x-transitions'] ?? []) as readonly Json[])
        .map((transition) => String(asObject(transition).response));
      const silent = responses.filter(({ id, why }) => !reached.includes(id) && why === undefined);
      expect(silent).toEqual([]);
    },
  );
});

const matar = 'https://gramhal.gitbook.io/matar/developer-reference';
const xerial = 'https://xerial.gitbook.io/xerial-doc';
const xerialDraft = `${xerial}/~/changes/vTuPuavSUBXr6g7sVzr6/xerial-apis/wallet-api/authentication/refresh-auth-tokens`;

const matarAccess =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJmcmVzaCI6dHJ1ZSwiaWF0IjoxNjkyNzg2Njg1LCJqdGkiOiJiMjZmNTk2ZC1kOTYwLTQ2ZWMtYmFmNi1jNzkzMGQ5MzUxMjAiLCJ0eXBlIjoiYWNjZXNzIiwic3ViIjoiMzk1MDFUIiwibmJmIjoxNjkyNzg2Njg1LCJleHAiOjE2OTM2NTA2ODV9.iGXVYlasw8UL7UTRUR69lTlznivrpRJdODyTGIza7Og';
const matarRefresh =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJmcmVzaCI6ZmFsc2UsImlhdCI6MTY5Mjc4NjY4NSwianRpIjoiOTE5NzcwN2YtN2NmNi00MzMzLWE1OTUtZGQ0M2EzNWMwZTVlIiwidHlwZSI6InJlZnJlc2giLCJzdWIiOiIzOTUwMVQiLCJuYmYiOjE2OTI3ODY2ODUsImV4cCI6MTY5Nzk3MDY4NX0.4xvD7-O1HcW6yoV3cBsV2cn3VY38Y56lp656kNBQpOA';
const xerialRefresh =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI1ZWJhYzUzNDk1NGI1NDEzOTgwNmMxMTIiLCJpYXQiOjE1ODkyOTg0ODQsImV4cCI6MTU4OTMwMDI4NH0.m1U63blB0MLej_WfB7yC2FTMnCziif9X8yzwDEfJXAg';

type Payload = readonly [api: string, operation: string, example: string, page: string, value: Json];

/**
 * Every payload that the pages print for these operations, typed from the page. `request` stands for a request body. Those of
 * Xerial beyond its sessions stand in xerial.test.ts, row by row.
 */
const payloads: readonly Payload[] = [
  ...matarPayloads.map(({ operation, example, page, value }): Payload => {
    return ['matar', operation, example, page, JSON.parse(JSON.stringify(value))];
  }),
  [
    'matar',
    'login',
    'request#send-otp',
    `${matar}/api/user-login/login`,
    { phone_number: '919277140178', name: 'skb', action: 'send_otp' },
  ],
  [
    'matar',
    'login',
    'request#submit-otp',
    `${matar}/api/user-login/submit-otp`,
    { phone_number: '919743256789', name: 'Sri', action: 'submit_otp', otp: '48793' },
  ],
  ['matar', 'login', '200#otp-sent', `${matar}/api/user-login/login`, { message: 'sent otp' }],
  [
    'matar',
    'login',
    '200#tokens',
    `${matar}/api/user-login/submit-otp`,
    { access_token: matarAccess, refresh_token: matarRefresh },
  ],
  [
    'matar',
    'login',
    '400#expired-otp',
    `${matar}/api/user-login/login`,
    { is_expired_otp: true, message: 'expired otp please try again' },
  ],
  ['matar', 'login', '400#invalid-otp', `${matar}/api/user-login/submit-otp`, { message: 'Invalid OTP' }],
  [
    'matar',
    'login',
    '400#no-such-organization',
    `${matar}/backend-code/user-registration`,
    { error: 'no such organization' },
  ],
  [
    'matar',
    'getCurrentUser',
    '200#user',
    `${matar}/api/user-login/get-current-user`,
    {
      _id: '39501T',
      image_url: null,
      language: 'hi-IN',
      name: 'Sri',
      phone_number: '917254326789',
      roles: { default: ['129487316'] },
    },
  ],
  [
    'matar',
    'getCurrentUser',
    '401#token-expired',
    `${matar}/api/user-login/get-current-user`,
    { description: 'The token has expired.', error: 'token_expired' },
  ],
  [
    'matar',
    'logout',
    '200#logged-out',
    `${matar}/api/user-login/logout`,
    { message: 'Successfully logged out' },
  ],
  [
    'matar',
    'logout',
    '401#token-revoked',
    `${matar}/api/user-login/logout`,
    { description: 'The token has been revoked.', error: 'token_revoked' },
  ],
  [
    'xerial',
    'logout',
    'request#logout',
    `${xerial}/xerial-apis/xerial-global-wallets/logout`,
    { refreshToken: xerialRefresh },
  ],
  [
    'xerial',
    'logout',
    '404#not-found',
    `${xerial}/xerial-apis/wallet-api/errors-handling/authentication-errors`,
    { code: 404, message: 'Not Found' },
  ],
  ['xerial', 'refreshTokens', 'request#refresh-tokens', xerialDraft, { refreshToken: xerialRefresh }],
  [
    'xerial',
    'refreshTokens',
    '200#tokens',
    xerialDraft,
    {
      access: { token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...', expires: '2020-05-12T16:18:04.793Z' },
      refresh: { token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...', expires: '2020-05-12T16:18:04.793Z' },
    },
  ],
  [
    'xerial',
    'refreshTokens',
    '401#please-authenticate',
    xerialDraft,
    { code: 401, message: 'Please Authenticate' },
  ],
  ['xerial', 'refreshTokens', '500#internal-server-error', xerialDraft, { error: 'Internal Server Error' }],
];

/** An example of an operation, by `STATUS#NAME` or `request#NAME`. */
function exampleOf(api: string, id: string, example: string): JsonObject {
  const operation = operations.find((each) => each.api === api && idOf(each) === id)?.value;
  const [side = '', name = ''] = example.split('#');
  const place = side === 'request' ? '/requestBody' : `/responses/${side}`;
  const content = Object.values(asObject(pointedTo(operation, `${place}/content`)));
  return asObject(content.flatMap((each) => pointedTo(each, `/examples/${name}`) ?? [])[0]);
}

describe('the documented payload', () => {
  test.each(payloads)('of %s %s, %s, is the example, to the letter', (api, id, example, page, value) => {
    const written = exampleOf(api, id, example);
    expect(JSON.stringify(written.value)).toBe(JSON.stringify(value));
    expect(written['x-source']).toBe(page);
  });

  test('stands here for every example that is not inferred', () => {
    const listed = new Set(payloads.map(([, , , page, value]) => `${page} ${JSON.stringify(value)}`));
    const examples = documents.flatMap(({ api, written }) =>
      objects(api, written).filter(
        ({ at, value }) =>
          at.split('/').at(-2) === 'examples' &&
          value['x-source'] !== undefined &&
          (api !== 'xerial' || /~1auth~1(logout|refresh-tokens)\//.test(at)),
      ),
    );
    const missing = examples.filter(
      ({ value }) => !listed.has(`${String(value['x-source'])} ${JSON.stringify(value.value)}`),
    );
    expect(missing).toEqual([]);
  });

  test('of the logout of Xerial is no content', () => {
    const response = operations.find((each) => each.api === 'xerial' && idOf(each) === 'logout')?.value
      .responses;
    expect(asObject(asObject(response)['204'])).not.toHaveProperty('content');
  });
});

describe('the operations', () => {
  test('have the documented methods and paths', () => {
    const written = operations.map(({ api, at }) => {
      const [, , route = '', method = ''] = at.split('/');
      return `${api} ${method} ${route.replaceAll('~1', '/')}`;
    });
    expect(written).toEqual([
      'matar post /api/v1/login',
      'matar get /api/v1/get_current_user',
      'matar post /api/v1/edit_user',
      'matar post /api/v1/logout',
      'matar get /api/v1/organizations',
      'matar get /api/v1/languages',
      'matar get /api/v1/categories',
      'matar get /api/v1/activity_types',
      'matar post /api/v1/new_post',
      'matar get /api/v1/get_post',
      'matar post /api/v1/post_activity',
      'matar get /api/v1/user_post_activities',
      'matar get /api/v1/get_gpt_answer',
      'xerial post /api/auth/google',
      'xerial post /api/auth/metamask',
      'xerial post /api/nonce',
      'xerial post /api/login-attempt/{loginAttemptId}/set-session',
      'xerial post /api/auth/logout',
      'xerial post /api/auth/refresh-tokens',
      'xerial get /api/user',
      'xerial post /api/user',
      'xerial post /api/wallet/{userId}',
      'xerial get /api/wallet/{address}/{chain}/project-inventory/{projectId}',
      'xerial get /api/wallet/{address}/{chain}/global-inventory',
      'xerial get /api/wallet/{address}/{chain}/eth',
      'xerial get /api/wallet/{address}/{chain}/tokens',
      'xerial post /api/wallet/{address}/{chain}/transfer-nft',
      'xerial post /api/wallet/{address}/{chain}/transfer-token',
      'xerial post /api/wallet/{address}/{chain}/primary-purchase',
      'xerial post /api/wallet/{address}/{chain}/secondary-purchase',
      'xerial post /api/wallet/{address}/{chain}/list-nft',
      'xerial post /api/wallet/{address}/{chain}/delist-nft',
      'xerial post /api/wallet/{address}/{chain}/transaction',
      'xerial get /marketplace/{projectId}/{chain}/primary',
      'xerial get /marketplace/{projectId}/{chain}/secondary',
      'xerial get /collections',
      'xerial get /marketplace/{projectDomain}',
    ]);
  });
});

type Token = readonly [name: string, lifetime: string, seconds: number, printed: string, claims: JsonObject];

const day = 24 * 60 * 60;

const tokens: readonly Token[] = [
  [
    'AccessToken',
    'P10D',
    10 * day,
    matarAccess,
    {
      fresh: true,
      iat: 1692786685,
      jti: 'b26f596d-d960-46ec-baf6-c7930d935120',
      type: 'access',
      sub: '39501T',
      nbf: 1692786685,
      exp: 1693650685,
    },
  ],
  [
    'RefreshToken',
    'P60D',
    60 * day,
    matarRefresh,
    {
      fresh: false,
      iat: 1692786685,
      jti: '9197707f-7cf6-4333-a595-dd43a35c0e5e',
      type: 'refresh',
      sub: '39501T',
      nbf: 1692786685,
      exp: 1697970685,
    },
  ],
];

describe.each(tokens)('the %s of Matar', (name, lifetime, seconds, printed, claims) => {
  const schema = asObject(pointedTo(wholeOf('matar'), `/components/schemas/${name}`));
  const content = asObject(schema.contentSchema);
  const header = { alg: 'HS256', typ: 'JWT' };
  const decoded: readonly Json[] = printed
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));

  test('as printed has this header and these claims', () => {
    expect(JSON.stringify(decoded)).toBe(JSON.stringify([header, claims]));
  });

  test('has the lifetime that is documented, and printed', () => {
    expect(schema).toMatchObject({
      type: 'string',
      contentMediaType: 'application/jwt',
      'x-lifetime': lifetime,
    });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(seconds);
  });

  test('is described with just the printed members, in their order', () => {
    expect(Object.keys(asObject(pointedTo(content, '/prefixItems/0/properties')))).toEqual(
      Object.keys(header),
    );
    expect(Object.keys(asObject(pointedTo(content, '/prefixItems/1/properties')))).toEqual(
      Object.keys(claims),
    );
  });

  test('as printed fits the description', () => {
    const validate = ajv.compile(content);
    expect(validate(decoded) ? [] : validate.errors).toEqual([]);
  });

  test.each<[what: string, broken: readonly Json[]]>([
    ['without claims', [header]],
    ['with another algorithm', [{ ...header, alg: 'none' }, claims]],
    ['with another type', [header, { ...claims, type: 'other' }]],
    ['with the other freshness', [header, { ...claims, fresh: !claims.fresh }]],
    ['with a jti that is no UUID', [header, { ...claims, jti: '1' }]],
    ...Object.keys(claims).map((claim): [string, readonly Json[]] => [
      `without ${claim}`,
      [header, Object.fromEntries(Object.entries(claims).filter(([member]) => member !== claim))],
    ]),
  ])('%s does not', (_, broken) => {
    expect(ajv.validate(content, broken)).toBe(false);
  });

  test('is put into the state for as long as it lives', () => {
    const collection = name === 'AccessToken' ? 'sessions' : 'refresh_tokens';
    const puts = objects('matar', wholeOf('matar') ?? null).filter(({ value }) => value.put === collection);
    expect(puts.length).toBeGreaterThan(0);
    for (const { value } of puts) expect(value.lifetime).toBe(lifetime);
  });
});

/** Payloads whose values differ from call to call; those of every other response are the same each time. */
const varying = [
  'matar editUser 200#edited',
  'matar listOrganizations 200#organizations',
  'matar listLanguages 200#languages',
  'matar listCategories 200#categories',
  'matar listActivityTypes 200#activity-types',
  'matar newPost 200#question',
  'matar getPost 200#posts',
  'matar getPost 200#post-with-answers',
  'matar postActivity 200#new-activity',
  'matar login 200#tokens',
  'matar getCurrentUser 200#user',
  'xerial refreshTokens 200#tokens',
];

const literals = payloads
  .filter(([, , example]) => !example.startsWith('request#'))
  .filter(([api, id, example]) => !varying.includes(`${api} ${id} ${example}`))
  .map(([api, id, example, , value]) => ({ api, id, example, value: asObject(value) }));

describe('a documented literal', () => {
  test.each(literals)('of $api $id $example is the only value allowed', ({ api, id, example, value }) => {
    const operation = operations.find((each) => each.api === api && idOf(each) === id)?.value;
    const [status = ''] = example.split('#');
    const schema = pointedTo(operation, `/responses/${status}/content/application~1json/schema`);
    const isValid = (body: Json): boolean => ajv.validate(asObject(schema), body);
    expect(isValid(value)).toBe(true);
    for (const member of Object.keys(value)) {
      for (const other of [`${String(value[member])}.`, 0, false, null])
        expect([member, other, isValid({ ...value, [member]: other })]).toEqual([member, other, false]);
      const { [member]: _, ...without } = value;
      expect([member, isValid(without)]).toEqual([member, false]);
    }
  });
});
