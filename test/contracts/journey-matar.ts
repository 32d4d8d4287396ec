/** The main journey through Matar: from the phone number to a question that is liked, and out again. */

export const matarJourney = `
type Page = components['schemas']['PostPage'];
type Post = components['schemas']['PostWithAnswers'];

/** Asks for an OTP, reads it where the mock tells it, and logs in with it. */
async function logIn(phone_number: string, name: string, organization_id: string) {
  const person = { phone_number, name, organization_id };
  const sent = ok(await client.POST('/api/v1/login', { body: { action: 'send_otp', ...person } }));
  if (!('message' in sent)) throw new Error('no message');
  const inbox = await fetch(mock + '/__counterfoil/inbox?to=' + phone_number);
  const { messages } = (await inbox.json()) as { messages: { content: { otp: string } }[] };
  const otp = messages.at(-1)?.content.otp ?? '';
  const tokens = ok(await client.POST('/api/v1/login', { body: { action: 'submit_otp', otp, ...person } }));
  if (!('access_token' in tokens)) throw new Error('no tokens');
  const { access_token, refresh_token } = tokens;
  const said: 'sent otp' = sent.message;
  return { said, otp, refresh_token, headers: { authorization: 'Bearer ' + access_token } };
}

const mistyped = await client.POST('/api/v1/login', {
  body: { action: 'submit_otp', phone_number: '919000000001', name: 'Asha', otp: 'mistyped' },
});
seen.mistyped = refusal(mistyped);
const { said, otp, refresh_token, headers } = await logIn('919000000001', 'Asha', '685QVK');
seen.loggedIn = { said, hasOtp: /^[0-9]{5}$/.test(otp), hasRefreshToken: refresh_token !== '' };
const before = ok(await client.GET('/api/v1/get_current_user', { headers }));
seen.before = { name: before.name, image_url: before.image_url, organizations: before.roles.default };

const { organizations } = ok(await client.GET('/api/v1/organizations', { headers }));
const organization = organizations.find(({ title }) => title === 'matar');
if (organization === undefined) throw new Error('no such organization');
const organization_id: string = organization._id;
const query = { organization_id };
const { categories } = ok(await client.GET('/api/v1/categories', { headers, params: { query } }));
const category = categories.find(({ is_active, parent_category_id }) => is_active && parent_category_id === null);
if (category === undefined) throw new Error('no category');
const category_id: string = category._id;
const { languages } = ok(await client.GET('/api/v1/languages', { headers }));
const language: string = organization.language;
seen.chosen = { organizations: organizations.length, organization_id, category_id, language: languages[language] };

const image_url = 'https://example.com/asha.png';
const changes = { name: 'Asha K', language, organization_id, image_url };
const edited = ok(await client.POST('/api/v1/edit_user', { headers, body: changes }));
const user = ok(await client.GET('/api/v1/get_current_user', { headers }));
seen.edited = {
  isSame: JSON.stringify(user) === JSON.stringify(edited),
  isWhoItWas: user._id === before._id && user.phone_number === before.phone_number,
  name: user.name,
  language: user.language,
  image_url: user.image_url,
  organizations: user.roles.default,
};

/** The posts that a call lists. */
function listed(found: Page | Post): Page {
  if (!('posts' in found)) throw new Error('not a list');
  return found;
}

const total = listed(ok(await client.GET('/api/v1/get_post', { headers, params: { query } }))).page_details.total;
const asked = ok(
  await client.POST('/api/v1/new_post', {
    headers,
    params: { query },
    body: { file: 'fLaC\\u0000\\u0080\\u00ff', category_id }, // a string of bytes: so the generator types what is binary
    bodySerializer: ({ file, category_id }) => {
      const form = new FormData();
      form.append('file', new Blob([Buffer.from(file, 'latin1')], { type: 'audio/flac' }), 'question.flac');
      form.append('category_id', category_id);
      return form;
    },
  }),
);
const message: 'Post received.. generated transcription' = asked.message;
const { post } = asked;
seen.asked = {
  message,
  isMine: post.user_id === user._id,
  isOfOrganization: post.organization_id === organization_id,
  category_ids: post.category_ids,
  created_at: post.created_at,
  parent_post_id: post.parent_post_id,
  like: post.data.like ?? null,
};

const list = listed(ok(await client.GET('/api/v1/get_post', { headers, params: { query } })));
const inList = list.posts.find(({ _id }) => _id === post._id);
seen.inList = {
  grown: list.page_details.total - total,
  place: list.posts.findIndex(({ _id }) => _id === post._id),
  hasItsText: inList?.text === post.text,
  by: inList?.user?.name,
  answers: inList?.child_posts_details?.total,
};
const ofCategory = { query: { organization_id, category_id } };
const inCategory = listed(ok(await client.GET('/api/v1/get_post', { headers, params: ofCategory })));
seen.inCategory = {
  total: inCategory.page_details.total,
  isTheQuestion: inCategory.posts.map(({ _id }) => _id === post._id),
};

/** The question by its id, as somebody sees it. */
async function shown(headers: { authorization: string }): Promise<Post> {
  const params = { query: { post_id: post._id } };
  const found = ok(await client.GET('/api/v1/get_post', { headers, params }));
  if ('posts' in found) throw new Error('not a post');
  return found;
}

/** How often it is liked, and what somebody has done with it. */
function liked({ data, user_post_activities }: Post) {
  const like: number | undefined = data.like;
  const own: { [kind: string]: boolean } | undefined = user_post_activities;
  return { like: like ?? null, own };
}

const byId = await shown(headers);
seen.byId = { isTheQuestion: byId._id === post._id && byId.audio_url === post.audio_url, ...liked(byId) };

const { activity_types } = ok(await client.GET('/api/v1/activity_types', { headers }));
seen.canLike = activity_types.some(({ _id, is_active }) => _id === 'like' && is_active);
const activity = ok(
  await client.POST('/api/v1/post_activity', {
    headers,
    params: { query },
    body: { post_activity_type: 'like', post_id: post._id, data: { hi: 'hello' } },
  }),
);
const { post_activity } = activity;
seen.liked = {
  message: activity.message,
  kind: post_activity.post_activity_type,
  isOfTheQuestion: post_activity.post_id === post._id,
  isMine: post_activity.user_id === user._id,
};
seen.likedById = liked(await shown(headers));
const { posts } = listed(ok(await client.GET('/api/v1/get_post', { headers, params: { query } })));
seen.likedInList = posts.filter(({ _id }) => _id === post._id).map(liked);
const other = await logIn('919000000002', 'Ravi', organization_id);
seen.likedForAnother = liked(await shown(other.headers));

// Which activities it holds is on no copy of its page, so a client can read no more than where they begin.
const mine = { query: { organization_id, post_activity_type: 'like' } } as const;
const activities = ok(await client.GET('/api/v1/user_post_activities', { headers, params: mine }));
const start: number = activities.page_details.current_start;
seen.activitiesBegin = start;

seen.loggedOut = ok(await client.POST('/api/v1/logout', { headers })).message;
const refused = refusal(await client.GET('/api/v1/get_current_user', { headers }));
const why: 'authorization_required' | 'token_expired' | 'invalid_token' | 'token_revoked' = refused.error;
seen.refused = { error: why, description: refused.description };
const noPost = refusal(await client.GET('/api/v1/get_post', { headers, params: { query } }));
seen.noPost = 'error' in noPost ? noPost.error : noPost.message;
seen.stillIn = ok(await client.GET('/api/v1/get_current_user', { headers: other.headers })).name;
`;
