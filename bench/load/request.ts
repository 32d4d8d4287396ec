/** A request that is sent over and over, and the answer that is expected of it. */

export type LoadRequest = {
  readonly title: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The tokens that the requests carry in turn, where each is to carry another. */
  readonly bearers?: readonly string[];
  readonly status: number;
};

/** What a server answers: status, media type and content, with tokens blanked, for no two are alike. */
export async function answerOf(url: string, request: LoadRequest): Promise<string> {
  const response = await send(url, request);
  const content = (await response.text()).replace(/eyJ[\w.-]+/g, (token) => '?'.repeat(token.length));
  return `${response.status} ${response.headers.get('content-type')} ${content}`;
}

/** The content that a server answers with, read as JSON. */
export async function contentOf(
  url: string,
  request: LoadRequest,
): Promise<Readonly<Record<string, unknown>>> {
  const response = await send(url, request);
  return JSON.parse(await response.text());
}

function send(url: string, { method, path, headers, body, bearers }: LoadRequest): Promise<Response> {
  const authorization = bearers === undefined ? {} : { authorization: `Bearer ${bearers[0]}` };
  return fetch(`${url}${path}`, {
    method,
    headers: { ...headers, ...authorization },
    ...(body === undefined ? {} : { body }),
  });
}
