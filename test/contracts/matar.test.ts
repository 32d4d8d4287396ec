/** Matar as its pages document it: every request sample that they print, sent in an order that makes sense, and what comes back. */

import { describe, expect, test } from 'vitest';
import { createMock, type Mock } from '../../mock/index.js';
import { unreachedReason } from '../../openapi/describe/unreached.js';
import { loadContract } from '../../openapi/index.js';
import { asObject, type Json, pointerTokens } from '../../openapi/json.js';
import matarPayloads from './matar-payloads.json' with { type: 'json' };

const contract = await loadContract('matar');
const noon = Date.UTC(2023, 7, 25, 12);
const query = (values: Record<string, string>): string => `?${new URLSearchParams(values)}`;
const matar = '129487316';

type Sent = {
  readonly path: string;
  readonly body?: Json;
  readonly form?: Record<string, string>;
  /** Who sends it: a name of a token that was given out; nobody, where there is none. */
  readonly as?: 'Sri' | 'Asha';
  readonly headers?: Record<string, string>;
  readonly method?: string;
};

type Got = { readonly status: number; readonly text: string };

/** A mock, and a client of it that keeps the access tokens of its users. */
function client(): { readonly mock: Mock; readonly send: (sent: Sent) => Promise<Got> } {
  const mock = createMock(contract, { seed: 1, clock: () => noon });
  const tokens = new Map<string, string>();
  const send = async ({ path, body, form, as, headers = {}, method }: Sent): Promise<Got> => {
    const token = as === undefined ? undefined : tokens.get(as);
    const response = await mock.request(`/api/v1/${path}`, {
      method: method ?? (body === undefined && form === undefined ? 'GET' : 'POST'),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: body === undefined ? (form === undefined ? null : formOf(form)) : JSON.stringify(body),
    });
    const text = await response.text();
    const found: Json = text === '' ? null : JSON.parse(text);
    const given = asObject(found).access_token;
    if (typeof given === 'string') tokens.set(String(asObject(body ?? null).name), given);
    return { status: response.status, text };
  };
  return { mock, send };
}

function formOf({ file, ...texts }: Record<string, string>): FormData {
  const form = new FormData();
  if (file !== undefined)
    form.append('file', new Blob([file], { type: 'audio/flac' }), 'Sehat Question.flac');
  for (const [name, value] of Object.entries(texts)) form.append(name, value);
  return form;
}

const printed = (operation: string, example: string): Json => {
  const row = matarPayloads.find((each) => each.operation === operation && each.example === example);
  if (row === undefined) throw new Error(`${operation} ${example} is not printed`);
  return JSON.parse(JSON.stringify(row.value));
};

const sriSubmits: Json = { phone_number: '919743256789', name: 'Sri', action: 'submit_otp', otp: '48793' };
const sriAsks: Json = { phone_number: '919743256789', name: 'Sri', action: 'send_otp' };
const form = { file: 'fLaC', category_id: 'TFTWNI' };

/** A documented response, the request that earns it, and what comes back. */
type Row = {
  readonly operation: string;
  readonly response: string;
  readonly send: Sent;
  readonly answer: Json | undefined;
  /** The members that differ since the server makes them: ids, tokens, addresses and times. */
  readonly generated?: readonly string[];
  /** The members that differ since the page has masked them. */
  readonly masked?: readonly string[];
  /** The page documents the status, and no copy of it has the content: what that is, is concluded. */
  readonly unseen?: true;
  /** What happens before: so much time passes. */
  readonly after?: string;
};

const row = (operation: string, response: string, send: Sent, rest: Partial<Row> = {}): Row => {
  const answer = 'answer' in rest ? rest.answer : printed(operation, response);
  return { operation, response, send, ...rest, answer };
};

/** No page says when these come: by Prefer only. */
const prefer = { prefer: 'code=404' };
const preferExpired = { prefer: 'code=400, example=expired-otp' };

const listOfMatar = asObject(printed('getPost', '200#posts'));

/** In this order, on one mock. */
const rows: readonly Row[] = [
  row(
    'login',
    '200#otp-sent',
    { path: 'login', body: { phone_number: '919277140178', name: 'skb', action: 'send_otp' } },
    { answer: { message: 'sent otp' } },
  ),
  row(
    'login',
    '400#expired-otp',
    {
      path: 'login',
      body: { phone_number: '919277140178', name: 'skb', action: 'send_otp' },
      headers: preferExpired,
    },
    { answer: { is_expired_otp: true, message: 'expired otp please try again' } },
  ),
  row(
    'login',
    '400#no-such-organization',
    { path: 'login', body: { ...asObject(sriAsks), organization_id: 'nowhere' } },
    { answer: { error: 'no such organization' } },
  ),
  row(
    'login',
    '400#invalid-otp',
    { path: 'login', body: { ...asObject(sriSubmits), otp: '00000' } },
    { answer: { message: 'Invalid OTP' } },
  ),
  row(
    'login',
    '200#tokens',
    { path: 'login', body: sriSubmits },
    {
      answer: { access_token: '', refresh_token: '' },
      generated: ['/access_token', '/refresh_token'],
    },
  ),
  row(
    'getCurrentUser',
    '200#user',
    { path: 'get_current_user', as: 'Sri' },
    {
      answer: {
        _id: '39501T',
        image_url: null,
        language: 'hi-IN',
        name: 'Sri',
        phone_number: '917254326789',
        roles: { default: [matar] },
      },
    },
  ),
  row('listOrganizations', '200#organizations', { path: 'organizations', as: 'Sri' }),
  row('listLanguages', '200#languages', { path: 'languages', as: 'Sri' }),
  row('listCategories', '200#categories', {
    path: `categories${query({ organization_id: matar })}`,
    as: 'Sri',
  }),
  row('listActivityTypes', '200#activity-types', { path: 'activity_types', as: 'Sri' }),
  row(
    'postActivity',
    '200#new-activity',
    {
      path: `post_activity${query({ organization_id: '685QVK' })}`,
      body: printed('postActivity', 'request#like'),
      as: 'Sri',
    },
    { generated: ['/post_activity/_id'] },
  ),
  row('getPost', '200#posts', { path: `get_post${query({ organization_id: matar })}`, as: 'Sri' }),
  row(
    'getPost',
    '200#posts',
    { path: `get_post${query({ category_id: 'TFTWNI', organization_id: matar })}`, as: 'Sri' },
    {
      unseen: true,
      answer: { ...listOfMatar, page_details: { current_start: 0, next_offset: 10, total: 1 } },
    },
  ),
  row('getPost', '200#post-with-answers', {
    path: `get_post${query({ post_id: 'LX8LQC', offset: '1' })}`,
    as: 'Sri',
  }),
  row(
    'getPost',
    '200#post-with-answers',
    { path: `get_post${query({ post_id: 'LX8LQC' })}`, as: 'Sri' },
    { unseen: true },
  ),
  row(
    'listUserPostActivities',
    '200#activities',
    {
      path: `user_post_activities${query({ post_activity_type: 'like', organization_id: matar })}`,
      as: 'Sri',
    },
    { unseen: true, answer: { page_details: { current_start: 0 } } },
  ),
  row(
    'newPost',
    '200#question',
    { path: `new_post${query({ organization_id: matar })}`, form, as: 'Sri' },
    { generated: ['/post/_id', '/post/audio_url', '/post/created_at'] },
  ),
  // The page prints another phone number than get_current_user for the same user; editing changes none.
  row(
    'editUser',
    '200#edited',
    { path: 'edit_user', body: printed('editUser', 'request#edit-user'), as: 'Sri' },
    { masked: ['/phone_number'] },
  ),
  // The page has left the hole in its sample.
  row('getGptAnswer', '200#answer', {
    path: `get_gpt_answer${query({ post_id: 'OKFW5UWYHR', organization_id: '{{org_id}}' })}`,
    as: 'Sri',
  }),
  row('getGptAnswer', '400#not-enabled', {
    path: `get_gpt_answer${query({ post_id: 'VAGDWM8YZP', organization_id: matar })}`,
    as: 'Sri',
  }),
  row(
    'newPost',
    '400',
    { path: `new_post${query({ organization_id: matar })}`, form: {}, as: 'Sri' },
    { answer: undefined, unseen: true },
  ),
  row('editUser', '404#not-found', {
    path: 'edit_user',
    body: { ...asObject(printed('editUser', 'request#edit-user')), organization_id: 'nowhere' },
    as: 'Sri',
  }),
  row('getPost', '404#not-found', { path: `get_post${query({ post_id: 'nothing' })}`, as: 'Sri' }),
  row(
    'getPost',
    '404#not-found',
    { path: `get_post${query({ organization_id: 'nowhere' })}`, as: 'Sri' },
    { unseen: true },
  ),
  row('postActivity', '404#not-found', {
    path: `post_activity${query({ organization_id: matar })}`,
    body: { post_activity_type: 'like', post_id: 'nothing' },
    as: 'Sri',
  }),
  ...(['organizations', 'languages', 'activity_types'] as const).map((path) => {
    const operation = {
      organizations: 'listOrganizations',
      languages: 'listLanguages',
      activity_types: 'listActivityTypes',
    };
    return row(operation[path], '404#not-found', { path, as: 'Sri', headers: prefer });
  }),
  row(
    'logout',
    '200#logged-out',
    { path: 'logout', method: 'POST', as: 'Sri' },
    { answer: { message: 'Successfully logged out' } },
  ),
  row(
    'logout',
    '401#token-revoked',
    { path: 'logout', method: 'POST', as: 'Sri' },
    { answer: { description: 'The token has been revoked.', error: 'token_revoked' } },
  ),
  row('login', '200#otp-sent', { path: 'login', body: sriAsks }, { answer: { message: 'sent otp' } }),
  row(
    'login',
    '400#expired-otp',
    { path: 'login', body: sriSubmits },
    { after: 'PT10M', answer: { is_expired_otp: true, message: 'expired otp please try again' } },
  ),
  row(
    'getCurrentUser',
    '401#token-expired',
    { path: 'get_current_user', as: 'Sri' },
    { after: 'P10D', answer: { description: 'The token has expired.', error: 'token_expired' } },
  ),
];

describe('every documented response', () => {
  const { mock, send } = client();
  test.each(rows.map((each, index) => ({ ...each, index })))(
    '$index of $operation is $response',
    async ({ send: sent, response, answer, generated = [], masked = [], after }) => {
      if (after !== undefined) mock.clock.move(after);
      const { status, text } = await send(sent);
      expect(status).toBe(Number(response.slice(0, 3)));
      if (answer === undefined) return expect(text).toBe('');
      const same = [...generated, ...masked].reduce<Json>(
        (whole, pointer) => withPrinted(whole, answer, pointerTokens(pointer)),
        JSON.parse(text),
      );
      expect(JSON.stringify(same)).toBe(JSON.stringify(answer));
    },
  );

  test('that is not only concluded has a row', () => {
    const had = rows.map(({ operation, response }) => `${operation} ${response}`);
    const documented = contract.operations.flatMap(({ id, responses }) =>
      responses
        .filter(({ provenance }) => provenance.kind === 'documented')
        .flatMap(({ status, content }) => {
          const examples = content
            .flatMap((each) => each.examples)
            .filter(({ provenance }) => provenance.kind === 'documented');
          // One check of the token serves both calls: each refusal is printed on the page of one of them.
          const ofAny = status === '401' ? '' : `${id} `;
          return examples.length === 0
            ? [`${ofAny}${status}`]
            : examples.map(({ name }) => `${ofAny}${status}#${name}`);
        }),
    );
    expect(documented).toHaveLength(30);
    expect(documented.filter((name) => !had.some((each) => ` ${each}`.includes(` ${name}`)))).toEqual([]);
  });

  test('that has a printed request is earned by that request', () => {
    const sent = new Set(
      rows.map(
        ({ operation, send: { body, form: fields } }) => `${operation} ${JSON.stringify(body ?? fields)}`,
      ),
    );
    const samples = contract.operations.flatMap(({ id, requestBody }) =>
      (requestBody?.content ?? [])
        .flatMap(({ examples }) => examples)
        .map(({ value }) => `${id} ${JSON.stringify(value)}`),
    );
    expect(samples).toHaveLength(5);
    expect(samples.filter((each) => !sent.has(each))).toEqual([]);
  });

  test('that no request brings about is an alternative, and says why nothing leads there', () => {
    const asked = rows.filter(({ send: { headers } }) => headers !== undefined);
    expect(asked).toHaveLength(4);
    for (const { operation, response } of asked) {
      const [status, name] = response.split('#');
      const found = contract.operations.find(({ id }) => id === operation);
      const rules = found?.transitions.filter(
        ({ response: to }) => to.status === status && to.example === name,
      );
      const example = found?.responses
        .filter((each) => each.status === status)
        .flatMap(({ content }) => content.flatMap(({ examples }) => examples))
        .find((each) => each.name === name);
      const why = example && unreachedReason(contract.documents, example);
      expect([operation, rules?.some(({ alternative }) => alternative)]).toEqual([operation, true]);
      // The expired OTP is told where it is submitted, too.
      const isReached = rules?.some(({ alternative }) => !alternative) === true;
      expect([operation, why !== undefined]).toEqual([operation, !isReached]);
    }
  });
});

/** The value with the printed member in the place of its own, which must be of the same type. */
function withPrinted(whole: Json, answer: Json, tokens: readonly string[]): Json {
  const [token, ...rest] = tokens;
  if (token === undefined) {
    expect(typeof whole).toBe(typeof answer);
    return answer;
  }
  const [own, other] = [asObject(whole), asObject(answer)];
  expect(own).toHaveProperty([token]);
  return { ...own, [token]: withPrinted(own[token] ?? null, other[token] ?? null, rest) };
}

describe('what a user does', () => {
  const asha = '919000000001';

  async function loggedIn(): Promise<ReturnType<typeof client>> {
    const made = client();
    await made.send({ path: 'login', body: sriSubmits });
    await made.send({ path: 'login', body: { phone_number: asha, name: 'Asha', action: 'send_otp' } });
    const code = asObject(made.mock.inbox.list().at(-1)?.content ?? null).otp ?? '';
    const details = {
      source: 'web',
      organization_id: '685QVK',
      image_url: 'https://a.example/a.png',
      fcm_token: 'f',
    };
    await made.send({
      path: 'login',
      body: { phone_number: asha, name: 'Asha', action: 'submit_otp', otp: code, ...details },
    });
    return made;
  }

  type Client = ReturnType<typeof client>;
  const answered = async ({ send }: Client, sent: Sent): Promise<Json> => JSON.parse((await send(sent)).text);
  const ask = async (
    of: Client,
    organization = matar,
    category = 'TFTWNI',
    as: Sent['as'] = 'Asha',
  ): Promise<Record<string, Json>> => {
    const path = `new_post${query({ organization_id: organization })}`;
    const value = await answered(of, { path, form: { file: 'fLaC', category_id: category }, as });
    return { ...asObject(asObject(value).post ?? null) };
  };
  const listed = async (of: Client, values: Record<string, string>, as: Sent['as'] = 'Asha') => {
    const page = asObject(await answered(of, { path: `get_post${query(values)}`, as }));
    const posts = (page.posts as readonly Json[]).map(asObject);
    return { ids: posts.map(({ _id }) => _id), posts, details: asObject(page.page_details ?? null) };
  };
  const act = (of: Client, post: Json | undefined, type: string, as: Sent['as'] = 'Asha') =>
    of.send({
      path: `post_activity${query({ organization_id: matar })}`,
      body: { post_activity_type: type, post_id: post ?? '' },
      as,
    });

  test('registers with what the login carries', async () => {
    const user = await answered(await loggedIn(), { path: 'get_current_user', as: 'Asha' });
    expect(user).toMatchObject({
      name: 'Asha',
      phone_number: asha,
      image_url: 'https://a.example/a.png',
      roles: { default: ['685QVK'] },
    });
  });

  test('edited is read back, and by nobody else', async () => {
    const of = await loggedIn();
    const edit = {
      name: 'Usha',
      language: 'ta-IN',
      organization_id: 'XYBT7P',
      image_url: 'https://a.example/b.png',
    };
    const edited = await answered(of, { path: 'edit_user', body: edit, as: 'Asha' });
    expect(edited).toMatchObject({ name: 'Usha', language: 'ta-IN', roles: { default: ['XYBT7P'] } });
    expect(await answered(of, { path: 'get_current_user', as: 'Asha' })).toEqual(edited);
    expect(await answered(of, { path: 'get_current_user', as: 'Sri' })).toMatchObject({
      name: 'Sri',
      language: 'hi-IN',
    });
  });

  test('asked stands first in the list, in its category and by itself, with its author', async () => {
    const of = await loggedIn();
    const before = await listed(of, { organization_id: matar });
    const post = await ask(of, matar, 'AK9OPI');
    const after = await listed(of, { organization_id: matar });
    expect(after.ids).toEqual([post._id, ...before.ids]);
    expect([before.details.total, after.details.total]).toEqual([39, 40]);
    expect(after.posts[0]).toMatchObject({
      ...post,
      user: { name: 'Asha' },
      child_posts: [],
      user_post_activities: {},
    });
    expect((await listed(of, { organization_id: matar, category_id: 'AK9OPI' })).ids).toEqual([post._id]);
    expect((await listed(of, { organization_id: matar, category_id: 'TFTWNI' })).ids).toEqual(before.ids);
    expect((await listed(of, { organization_id: '685QVK' })).ids).toEqual([]);
    const path = `get_post${query({ post_id: String(post._id) })}`;
    expect(await answered(of, { path, as: 'Sri' })).toMatchObject(post);
  });

  test('asked has the time of the clock, in the form of the pages', async () => {
    expect(await ask(await loggedIn())).toMatchObject({ created_at: '25/08/2023 , 12:00 PM' });
  });

  test('asked often comes in pages of ten, the latest first', async () => {
    const of = await loggedIn();
    const ids: (Json | undefined)[] = [];
    for (let number = 0; number < 12; number += 1) ids.unshift((await ask(of, '685QVK'))._id);
    expect(new Set(ids).size).toBe(12);
    const first = await listed(of, { organization_id: '685QVK' });
    expect(first.ids).toEqual(ids.slice(0, 10));
    expect(first.details).toEqual({ current_start: 0, next_offset: 10, total: 12 });
    const second = await listed(of, { organization_id: '685QVK', offset: '10' });
    expect(second.ids).toEqual(ids.slice(10));
    expect(second.details).toEqual({ current_start: 10, next_offset: 20, total: 12 });
  });

  test('liked counts once for each, and is a flag of each alone', async () => {
    const of = await loggedIn();
    const { _id } = await ask(of);
    const shown = async (as: Sent['as']) => {
      const [post] = (await listed(of, { organization_id: matar }, as)).posts;
      return [asObject(post?.data ?? null).like, post?.user_post_activities];
    };
    expect(await shown('Asha')).toEqual([undefined, {}]);
    await act(of, _id, 'like');
    expect([await shown('Asha'), await shown('Sri')]).toEqual([
      [1, { like: true }],
      [1, {}],
    ]);
    await act(of, _id, 'like');
    expect(await shown('Asha')).toEqual([1, { like: true }]);
    await act(of, _id, 'like', 'Sri');
    await act(of, _id, 'view', 'Sri');
    expect([await shown('Asha'), await shown('Sri')]).toEqual([
      [2, { like: true }],
      [2, { like: true, view: true }],
    ]);
  });

  test('liked counts for a post of the older form, too, whatever the offset', async () => {
    const of = await loggedIn();
    await act(of, 'LX8LQC', 'like');
    const printedPost = asObject(printed('getPost', '200#post-with-answers'));
    for (const offset of [{}, { offset: '1' }, { offset: '2' }]) {
      const path = `get_post${query({ post_id: 'LX8LQC', ...offset })}`;
      expect(await answered(of, { path, as: 'Sri' })).toEqual({ ...printedPost, data: { like: 1 } });
    }
  });

  test('noted has what was sent along, and nothing where nothing was', async () => {
    const of = await loggedIn();
    const { text } = await act(of, 'VAGDWM8YZP', 'share');
    expect(JSON.parse(text).post_activity).toMatchObject({
      data: {},
      post_activity_type: 'share',
      post_id: 'VAGDWM8YZP',
    });
  });

  test.each(['hug', 'Like', ''])('of the kind %o is refused', async (type) => {
    expect((await act(await loggedIn(), 'VAGDWM8YZP', type)).status).toBe(400);
  });

  test.each<[what: string, sent: Sent]>([
    [
      'without a file',
      { path: `new_post${query({ organization_id: matar })}`, form: { category_id: 'TFTWNI' } },
    ],
    ['without a category', { path: `new_post${query({ organization_id: matar })}`, form: { file: 'fLaC' } }],
    ['without an organization', { path: 'new_post', form }],
  ])('asked %s is a bad request, and no post', async (_, sent) => {
    const of = await loggedIn();
    expect(await of.send({ ...sent, as: 'Asha' })).toEqual({ status: 400, text: '' });
    expect((await listed(of, { organization_id: matar })).ids).toEqual(['VAGDWM8YZP']);
  });

  test('without logging in is refused everywhere', async () => {
    const { mock } = client();
    for (const { id, method, path } of contract.operations.filter((each) => each.id !== 'login')) {
      const response = await mock.request(path, { method });
      expect([id, response.status, await response.json()]).toEqual([
        id,
        401,
        { description: 'Request does not contain an access token.', error: 'authorization_required' },
      ]);
    }
  });
});
