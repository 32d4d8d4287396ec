/** The main journey through Xerial: from the login to something that is bought, sold and given away, and out again. */

export const xerialJourney = `
const projectId = '6564b4f3fa203b9Klsa2Ju7d0'; // that whose items the documentation sells
const chain = 'polygon';

const google = { token: 'token-of-a-sign-in', clientId: 'client-id' };
const first = ok(await client.POST('/api/auth/google', { body: google }));
const accessEnds: string = first.access.expires;
seen.loggedIn = { accessEnds, hasRefreshToken: first.refresh.token !== '' };
const headers = { authorization: 'Bearer ' + first.access.token };
const me = ok(await client.GET('/api/user', { headers }));
const own = me.wallets[0];
if (own === undefined) throw new Error('no wallet');
seen.me = { hasIdentifier: me.user.identifier !== '', isOwner: own.user === me.user.id, custodial: own.custodial };

const reference = 'player@example.com';
const created = ok(await client.POST('/api/user', { headers, body: { reference } }));
const spelledSo: string | undefined = created.refrence;
seen.created = { refrence: spelledSo, isAnother: created.id !== me.user.id, hasProject: created.project !== '' };
const wallet = ok(
  await client.POST('/api/wallet/{userId}', {
    headers,
    params: { path: { userId: created.id } },
    body: { type: 'evm' },
  }),
);
const { address } = wallet;
seen.wallet = { isOfUser: wallet.user === created.id, custodial: wallet.custodial, type: wallet.type };

/** What a wallet has of the project. */
async function inventory(address: string) {
  const params = { path: { address, chain, projectId } } as const;
  const items = ok(await client.GET('/api/wallet/{address}/{chain}/project-inventory/{projectId}', { params }));
  return items.map(({ quantity, metadata, tokens }) => {
    const held: number = quantity;
    const numbers: number[] = tokens?.map(({ tokenId }) => tokenId) ?? [];
    return { held, name: metadata.name, collection: metadata.contract?.address, numbers };
  });
}

/** What the project sells. */
async function sold() {
  const params = { path: { projectId, chain } } as const;
  return ok(await client.GET('/marketplace/{projectId}/{chain}/primary', { params }));
}

const wanted = (await sold()).find(({ metadata }) => metadata.name === 'First NFT');
const collectionAddress = wanted?.metadata.contract?.address;
if (wanted === undefined || collectionAddress === undefined) throw new Error('nothing to buy');
seen.before = { price: wanted.price, minted: wanted.mintedTokens, inventory: await inventory(address) };

const params = { path: { address, chain } } as const;
const purchases = { collectionAddress, typeId: wanted.typeId, quantity: 2 };
const buy = '/api/wallet/{address}/{chain}/primary-purchase';
const bought = ok(await client.POST(buy, { headers, params, body: { purchases } }));
const hash: string = bought.transactionHash;
const items = await inventory(address);
seen.bought = {
  hasHash: /^0x[0-9a-f]{64}$/.test(hash),
  minted: (await sold()).find(({ id }) => id === wanted.id)?.mintedTokens,
  inventory: items.map(({ collection, ...item }) => ({ ...item, isOfTheType: collection === collectionAddress })),
};
const [tokenId, given] = items[0]?.numbers ?? [];
if (tokenId === undefined || given === undefined) throw new Error('no tokens');

/** What the wallet has on the market. */
async function market() {
  const params = { path: { projectId, chain }, query: { seller: address } } as const;
  const found = ok(await client.GET('/marketplace/{projectId}/{chain}/secondary', { params }));
  return found.map(({ seller, marketItemId, metadata, ...item }) => {
    const number: number = marketItemId;
    return { ...item, isMine: seller === address, hasNumber: number > 0, name: metadata.name };
  });
}

const token = { collectionAddress, tokenId };
const list = '/api/wallet/{address}/{chain}/list-nft';
const delist = '/api/wallet/{address}/{chain}/delist-nft';
const onTheWay = ok(await client.POST(list, { headers, params, body: { ...token, price: 2.5 } }));
seen.listed = { isAnotherHash: onTheWay.transactionHash !== hash, market: await market() };
const offTheMarket = ok(await client.POST(delist, { headers, params, body: token }));
seen.delisted = { isAnotherHash: offTheMarket.transactionHash !== onTheWay.transactionHash, market: await market() };
seen.delistedAgain = refusal(await client.POST(delist, { headers, params, body: token }));

const transfer = '/api/wallet/{address}/{chain}/transfer-nft';
const gift = { collectionAddress, tokenId: given, to: own.address };
ok(await client.POST(transfer, { headers, params, body: gift }));
seen.given = {
  left: (await inventory(address)).map(({ held, numbers }) => ({ held, numbers })),
  there: (await inventory(own.address)).map(({ held, numbers }) => ({ held, numbers })),
};
const notHeld = refusal(await client.POST(transfer, { headers, params, body: gift }));
if (!('code' in notHeld) || notHeld.code !== 412) throw new Error(JSON.stringify(notHeld));
const why: "You Don't Have This NFT" = notHeld.message;
seen.notHeld = { code: notHeld.code, message: why };

const renew = '/api/auth/refresh-tokens';
const old = { refreshToken: first.refresh.token };
const second = ok(await client.POST(renew, { body: old }));
const renewed = { authorization: 'Bearer ' + second.access.token };
seen.renewed = {
  areOthers: second.access.token !== first.access.token && second.refresh.token !== first.refresh.token,
  isMe: ok(await client.GET('/api/user', { headers: renewed })).user.id === me.user.id,
};
seen.old = refusal(await client.POST(renew, { body: old }));

const body = { refreshToken: second.refresh.token };
const { response } = await client.POST('/api/auth/logout', { body });
seen.loggedOut = response.status;
seen.over = refusal(await client.POST(renew, { body }));
const twice = refusal(await client.POST('/api/auth/logout', { body }));
const code: 404 = twice.code;
seen.again = { code, message: twice.message };
`;
