/** The measured requests, and the proof that every server gives the same answer to them. */

export type Case = {
  readonly title: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly status: number;
};

const login: Case = {
  title: 'login by submit_otp: two signed tokens',
  method: 'POST',
  path: '/api/v1/login',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ phone_number: '919743256789', name: 'Sri', action: 'submit_otp', otp: '48793' }),
  status: 200,
};

/** The requests to one server, with tokens of its own. */
export async function casesFor(url: string): Promise<readonly Case[]> {
  const headers = { authorization: `Bearer ${await accessToken(url)}` };
  const revoked = { authorization: `Bearer ${await accessToken(url)}` };
  await send(url, { ...logout, headers: revoked });
  return [
    { ...logout, headers: revoked },
    {
      title: 'get_current_user with a live token',
      method: 'GET',
      path: '/api/v1/get_current_user',
      headers,
      status: 200,
    },
    login,
  ];
}

const logout: Case = {
  title: 'logout with a revoked token',
  method: 'POST',
  path: '/api/v1/logout',
  headers: {},
  status: 401,
};

/** What a server answers: status, media type and content, with tokens blanked, for no two are alike. */
export async function answerOf(url: string, request: Case): Promise<string> {
  const response = await send(url, request);
  const content = (await response.text()).replace(/eyJ[\w.-]+/g, (token) => '?'.repeat(token.length));
  return `${response.status} ${response.headers.get('content-type')} ${content}`;
}

async function accessToken(url: string): Promise<string> {
  const response = await send(url, login);
  const { access_token: token }: { access_token: string } = JSON.parse(await response.text());
  return token;
}

function send(url: string, { method, path, headers, body }: Case): Promise<Response> {
  return fetch(`${url}${path}`, { method, headers: { ...headers }, ...(body === undefined ? {} : { body }) });
}
