/** What a person does with each shipped API, as a program for its generated client: it prints what it has seen, as JSON. */

import { matarJourney } from './journey-matar.js';
import { xerialJourney } from './journey-xerial.js';

const head = `
import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

const mock = process.argv[2] ?? '';
const client = createClient<paths>({ baseUrl: mock });
const seen: Record<string, unknown> = {};

/** The content of a success; anything else ends the journey. */
function ok<T>(answer: { data?: T; error?: unknown; response: Response }): NonNullable<T> {
  if (!answer.response.ok || answer.data === undefined || answer.data === null)
    throw new Error(answer.response.status + ' ' + JSON.stringify(answer.error));
  return answer.data;
}

/** The content of a refusal; anything else ends the journey. */
function refusal<T>(answer: { data?: unknown; error?: T; response: Response }): NonNullable<T> {
  if (answer.response.ok || answer.error === undefined || answer.error === null)
    throw new Error('not refused: ' + answer.response.status + ' ' + JSON.stringify(answer.data));
  return answer.error;
}
`;

const foot = `
console.log(JSON.stringify(seen));
`;

/** The programs, by the name of the API. */
export const journeys: Readonly<Record<string, string>> = {
  matar: `${head}${matarJourney}${foot}`,
  xerial: `${head}${xerialJourney}${foot}`,
};

/** A statement that compiles, a word of it, and another word in whose place it must not compile. */
export type Mistake = { readonly statement: string; readonly word: string; readonly wrong: string };

const sendOtp =
  "await client.POST('/api/v1/login', { body: { action: 'send_otp', phone_number: '1', name: 'a' } });";
const like = `
const params = { query: { organization_id: 'a' } };
const body = { post_activity_type: 'like', post_id: 'b' } as const;
const { user_id } = ok(await client.POST('/api/v1/post_activity', { params, body })).post_activity;`;
const list = `
const page = ok(await client.GET('/api/v1/get_post', { params: { query: { organization_id: 'a' } } }));
const likes: number | undefined = 'posts' in page ? page.posts[0]?.data.like : page.data.like;`;
const ask = `
const file = 'fLaC';
const params = { query: { organization_id: 'a' } };
await client.POST('/api/v1/new_post', { params, body: { file, category_id: 'b' } });`;
const renew = `
const { access } = ok(await client.POST('/api/auth/refresh-tokens', { body: { refreshToken: 'a' } }));
const ends: string = access.expires;`;
const create = "const { refrence } = ok(await client.POST('/api/user', { body: { reference: 'a' } }));";
const buy = `
const params = { path: { address: '0x1', chain: 'polygon' } } as const;
const purchases = { collectionAddress: '0x2', typeId: 1, quantity: 2 };
await client.POST('/api/wallet/{address}/{chain}/primary-purchase', { params, body: { purchases } });`;
const look = `
const path = { address: '0x1', chain: 'telos', projectId: 'a' } as const;
const where = '/api/wallet/{address}/{chain}/project-inventory/{projectId}';
const held: number | undefined = ok(await client.GET(where, { params: { path } }))[0]?.quantity;`;

/** What clients may not be made to say. */
export const mistakes: Readonly<Record<string, readonly Mistake[]>> = {
  matar: [
    { statement: sendOtp, word: "'send_otp'", wrong: "'sent_otp'" },
    { statement: sendOtp, word: "'send_otp'", wrong: "'submit_otp'" },
    { statement: sendOtp, word: 'POST', wrong: 'GET' },
    { statement: sendOtp, word: 'phone_number', wrong: 'phoneNumber' },
    { statement: ask, word: 'category_id', wrong: 'category' },
    { statement: ask, word: "'fLaC'", wrong: '1' },
    { statement: like, word: "'like'", wrong: "'liked'" },
    { statement: like, word: 'post_id', wrong: 'id' },
    { statement: like, word: 'organization_id', wrong: 'organization' },
    { statement: like, word: 'user_id', wrong: 'user' },
    { statement: list, word: 'data.like', wrong: 'data.likes' },
    { statement: list, word: "'posts' in page ? page.posts[0]?.data.like :", wrong: '' },
  ],
  xerial: [
    { statement: renew, word: '{ refreshToken', wrong: '{ refresh_token' },
    { statement: renew, word: 'refresh-tokens', wrong: 'refresh_tokens' },
    { statement: renew, word: ': string', wrong: ': Date' },
    { statement: create, word: '{ refrence }', wrong: '{ reference }' },
    { statement: create, word: "'a'", wrong: '1' },
    { statement: buy, word: 'typeId: 1', wrong: "typeId: '1'" },
    { statement: buy, word: 'quantity', wrong: 'amount' },
    { statement: buy, word: "'polygon'", wrong: "'ethereum'" },
    { statement: look, word: 'address:', wrong: 'userId:' },
    { statement: look, word: '?.quantity', wrong: '?.amount' },
  ],
};

/** A program that is nothing but a statement. */
export function saying(statement: string): string {
  return `${head}\n${statement}\nexport {};\n`;
}
