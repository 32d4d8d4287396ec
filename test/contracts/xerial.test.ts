/** What the documentation of Xerial prints, row by row: the sample that is sent, and the payload that comes back. */

import { describe, expect, test } from 'vitest';
import { createMock, type Mock } from '../../mock/index.js';
import { type Json, loadContract } from '../../openapi/index.js';
import { isObject, pointerTo } from '../../openapi/json.js';

const xerial = await loadContract('xerial');

const wallet = '0x8e9DD3c1Db3254d968967CbC367542C343273629';
const refreshToken =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI1ZWJhYzUzNDk1NGI1NDEzOTgwNmMxMTIiLCJpYXQiOjE1ODkyOTg0ODQsImV4cCI6MTU4OTMwMDI4NH0.m1U63blB0MLej_WfB7yC2FTMnCziif9X8yzwDEfJXAg';
const bearer = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIDExZDkiLCJpY.......aC';
const googleToken = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...';
const clientId = '950982194245-aap02qd0c1dt29v6ho26l6pqte2m00q9.apps.googleusercontent.com';
const signature =
  '0x9d14c60a8f0efef896291aa5c8f230c5b8ac57e026ff4e6b6c0f3cc9e68b0b116d9d4ec6b7c8b8daa6487c47850a64f87bfdb01c95f3a7e6a1c7ea029771d1f1c';
const collectionAddress = '0xf6797c479c7b18de2ea7493291d5f21fede8ff29';
const nft = { collectionAddress, tokenId: 2 };
const transfer = { ...nft, to: wallet };
const erc20 = { tokenAddress: '0x3c499c542cef5e3811e1192ce70d8cc03d5c3359', amount: 100, to: wallet };
const purchase = { purchases: { collectionAddress, typeId: 2, quantity: 2 } };
const execution: Json = {
  type: 'CONTRACT_EXECUTION',
  to: '0xdc71b72db51e227e65a45004ab2798d31e8934c9',
  functionName: 'transfer',
  value: 0,
  inputs: [
    { type: 'address', value: '0x80cbb6c4342948e5be81987dce8251dbedd69138' },
    { type: 'uint256', value: 73680000 },
  ],
};

const tokens: Json = {
  access: { token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...', expires: '2020-05-12T16:18:04.793Z' },
  refresh: { token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...', expires: '2020-05-12T16:18:04.793Z' },
};
const userAndWallets: Json = {
  user: { identifier: 'fake@example.com', id: '5ebac534954b54139806c112' },
  wallets: [
    {
      id: '656ab9db6a378b91ab1871be',
      address: '0x8e9DD3c1Db3254d968967CbC367542C343273629',
      smartAccount: '0x8e9DD3c1Db3254d968967CbC367542C343273629',
      custodial: true,
      user: '5ebac534954b54139806c112',
      type: 'evm',
    },
  ],
};
const olderUserAndWallets: Json = {
  user: { id: '5ebac534954b54139806c112', email: 'fake@example.com', username: 'fakename', role: 'player' },
  wallets: [
    {
      id: '656ab9db6a378b91ab1871be',
      address: '0x8e9DD3c1Db3254d968967CbC367542C343273629',
      chain: 'ethereum',
      custodial: true,
      nonce: 769504,
      user: '5ebac534954b54139806c112',
    },
  ],
};
const newUser: Json = {
  refrence: 'xerial@example.com',
  id: '5ebac534954b54139806c112',
  project: '6601f93s3ff2ea0348edeb6a',
};
const newWallet: Json = {
  id: '656ab9db6a378b91ab1871be',
  address: '0x8e9DD3c1Db3254d968967CbC367542C343273629',
  smartAccount: '0x8e9DD3c1Db3254d968967CbC367542C343273629',
  custodial: true,
  user: '5ebac534954b54139806c112',
  type: 'evm',
};
const inventory: Json = [
  {
    collection: { id: '65fd937063a8b7d03408a1c11' },
    quantity: 1,
    metadata: {
      name: 'Example',
      description:
        'Example serves as an enhanced account and game pass, providing a gateway to exclusive digital items. It enables users to securely save their gaming progress—including playtime, wins, and losses—on the blockchain, ensuring data integrity and security. Additionally, MemPass users receive exclusive benefits, enhancing their gaming experience.',
      image:
        'https://dw34dswplasn9.cloudfront.net/346a1f79ff65e29d815842db06930a1cd983478f3baefd55328e27109ee335b8-TARJETA%20MEORIA%20ROA_02.117.jpg',
      externalUrl: 'https://example.com/',
      animationUrls: [
        {
          type: 'video',
          value:
            'https://dw34dswplasn9.cloudfront.net/ec20ac19a3466b44d6dbfc0cfad4d6ff44fc754ca8c5073630ad9533eda409e-Bronze.mp4',
        },
      ],
      attributes: [],
      contract: {
        address: '0x62219842c19fbDE8D70E03677AE03Ad614535007',
        name: 'Example',
        symbol: 'EXM',
        image:
          'https://dw34dswplasn9.cloudfront.net/c0765b31ad40c35ee828d37cccf4b9a6daf5c1986ef20d33822779ba3e9c6173-MemPass.png',
        description:
          'Example \n\nTo progress through the game significantly, such as ranking up and saving players’ wins/losses in PVE, PVP, and Tournaments, possessing a MemPass NFT becomes essential within the Eternis game ecosystem.\n\nGateway to exclusive collectibles\n\nPlayers achieving specific playtime milestones, wins, and losses across various g',
      },
    },
  },
];
const wholeInventory: Json = [
  {
    collection: {
      id: '6585de73487f1429cb10bcb9',
      txHash: '0x11bb4d5fadbb9f6ab1b0d1be1bb50c52a5ac997c495e8e29131629e21774e06a',
    },
    quantity: 1,
    metadata: {
      name: 'Tanjiro',
      description: 'Desc',
      image:
        'https://xerial-main-bucket.s3.us-east-1.amazonaws.com/287b86e8de6d472910015e048b04d08bc4a721aabb3e20651442c3a3c7946f94-anime%20armor.jpg',
      externalUrl: 'https://www.google.com',
      animationUrls: [],
      attributes: [{ type: 'boost', name: 'magical damage', value: '2000' }],
      contract: {
        address: '0x8a63860fF851bb1391a295dF717a3bD210eB2170',
        name: 'Desc',
        symbol: '123',
        image:
          'https://xerial-main-bucket.s3.us-east-1.amazonaws.com/287b86e8de6d472910015e048b04d08bc4a721aabb3e20651442c3a3c7946f94-anime%20armor.jpg',
        description: 'LL',
        externalUrl: 'https://xerial.io/',
      },
      maxSupply: '3',
      edition: 1,
    },
    tokens: [
      {
        '0': { type: 'BigNumber', hex: '0x01' },
        '1': 'https://purple-jealous-spoonbill-384.mypinata.cloud/ipfs/QmS2ErVJV7tp9YFGmSVahEjEzP5uzpub6MTRawnXpJDYJc',
        tokenId: 1,
        metadataURI:
          'https://purple-jealous-spoonbill-384.mypinata.cloud/ipfs/QmS2ErVJV7tp9YFGmSVahEjEzP5uzpub6MTRawnXpJDYJc',
      },
    ],
  },
];
const globalInventory: Json = {
  ownedNfts: [
    {
      contract: {
        address: '0xb4412c146Ec8b02c27045F1f969a87e2B900EB4C',
        name: 'Avatars',
        symbol: 'AVA',
        totalSupply: null,
        tokenType: 'ERC721',
        contractDeployer: '0x7cA139225dA1bC1cC88cA05A45aFF05E32E8c125',
        deployedBlockNumber: 43924399,
        openSeaMetadata: {
          floorPrice: null,
          collectionName: null,
          collectionSlug: null,
          safelistRequestStatus: null,
          imageUrl: null,
          description: null,
          externalUrl: null,
          twitterUsername: null,
          discordUrl: null,
          bannerImageUrl: null,
          lastIngestedAt: '2024-01-03T17:12:35.000Z',
        },
        isSpam: null,
        spamClassifications: [],
      },
      tokenId: '6',
      tokenType: 'ERC721',
      name: 'Rongo Sunn',
      description: 'Player',
      tokenUri: 'https://ipfs.io/ipfs/QmbMRP8Vk3H8yko2FxxYe1WJwPfmYRQbgGqsHpwKGEDCmF',
      image: {
        cachedUrl:
          'https://xerial-main-bucket.s3.us-east-1.amazonaws.com/d8f646ba9597ad9db1811b3484bd36afb92974f64ea48ead66c0e3042edb08ee-Screen%20Shot%202023-12-27%20at%2016.13.00.png',
        thumbnailUrl: null,
        pngUrl: null,
        contentType: null,
        size: null,
        originalUrl:
          'https://xerial-main-bucket.s3.us-east-1.amazonaws.com/d8f646ba9597ad9db1811b3484bd36afb92974f64ea48ead66c0e3042edb08ee-Screen%20Shot%202023-12-27%20at%2016.13.00.png',
      },
      raw: {
        tokenUri:
          'https://purple-jealous-spoonbill-384.mypinata.cloud/ipfs/QmbMRP8Vk3H8yko2FxxYe1WJwPfmYRQbgGqsHpwKGEDCmF',
        metadata: {
          name: 'Rongo Sunn',
          description: 'Player',
          image:
            'https://xerial-main-bucket.s3.us-east-1.amazonaws.com/d8f646ba9597ad9db1811b3484bd36afb92974f64ea48ead66c0e3042edb08ee-Screen%20Shot%202023-12-27%20at%2016.13.00.png',
          externalUrl: 'https://joko.xerial.io/',
          animationUrls: [],
        },
      },
    },
  ],
};
const projectData: Json = {
  studioAddress: '0xf48b45F70a16FdcCe76d3E494Cb979144D1Ca0A8',
  project: {
    address: '0xf48b45F70a16FdcCe76d3E494Cb979144D1Ca0A8',
    name: 'god',
    description: 'lorem ipsum dolor sit amet',
    category: 'MMORPG',
    tokenName: '',
    tokenLogo: '',
    logo: 'https://dw34dswplasn9.cloudfront.net/1.jpg',
    trailer: '3D',
    downloadLink: 'https://god.com',
    userBanner: 'https://dw344e88ccd9566-f721a73816-drift.jpg',
    domain: 'richard',
    symbol: 'GOD',
    socialMedias: { twitter: '', instagram: '', discord: '', linkedin: '', _id: '659866973ab5dd9fe0e5283b' },
    developer: '659866963ab5dd9fe0e52838',
    wallet: '65d3d2293a63ccc699e21136',
    id: '659866973ab5dd9fe0e5283a',
  },
  collections: [],
};
const listedNfts: Json = [
  {
    id: '6585de99487f1429cb10bcc8',
    typeId: 1,
    supply: 3,
    price: 1,
    inSale: true,
    metadata: {
      name: 'Tanjiro',
      description: 'NFT description',
      image:
        'https://xerial-main-bucket.s3.us-east-1.amazonaws.com/287b86e8de6d472910015e048b04d08bc4a721aabb3e20651442c3a3c7946f94-anime%20armor.jpg',
      externalUrl: 'https://www.google.com',
      animationUrls: [],
      attributes: [{ type: 'boost', name: 'magical damage', value: '222' }],
      contract: {
        address: '0x8a63860fF851bb1391a295dF717a3bD210eB2170',
        name: 'NFT description',
        symbol: 'NZH',
        image:
          'https://xerial-main-bucket.s3.us-east-1.amazonaws.com/287b86e8de6d472910015e048b04d08bc4a721aabb3e20651442c3a3c7946f94-anime%20armor.jpg',
        description: 'Contract description',
        externalUrl: 'https://www.youtube.com/',
      },
      maxSupply: '3',
      edition: 1,
    },
    mintedTokens: 1,
  },
  {
    id: '6585dedd487f1429cb10bcf1',
    typeId: 1,
    supply: 23,
    price: 1,
    inSale: true,
    metadata: {
      name: 'First NFT',
      description: 'Description',
      image:
        'https://xerial-main-bucket.s3.us-east-1.amazonaws.com/450ebc6038f65cb00973c284b893eec10c09cde7a1fd05edce21fa06493c9412-nezuko.jpg',
      externalUrl: 'https://www.youtube.com/',
      animationUrls: [],
      attributes: [{ type: 'property', name: 'armor', value: '200' }],
      contract: {
        address: '0x11FF517B5e01fd22148F085FcA04F707d5b6e4DC',
        name: 'DS',
        symbol: '23',
        image:
          'https://xerial-main-bucket.s3.us-east-1.amazonaws.com/2940477b2bead3482008d9be12f37a6b0c4f2372d47104a322be3e7e59f31e18-tanjiro.jpg',
        description: 'Contract description.',
        externalUrl: 'https://www.youtube.com/',
      },
      maxSupply: '23',
      edition: 1,
    },
    mintedTokens: 0,
  },
];
const marketItems: Json = [
  {
    tokenId: 1,
    price: 1,
    seller: '0x7d78B5a8b04151E0741875c2d6e3Cb6A82098Ac5',
    marketItemId: 38,
    metadata: {
      name: 'NFt',
      description: 'des',
      image:
        'https://xerial-main-bucket.s3.us-east-1.amazonaws.com/46935ee6d252d9510a71cd7452dadcb06aa6ad73433f4c3e642c541c138a436e-game%20banner.jpg',
      externalUrl: 'http://ultra-super-game/dashboard/items/new',
      animationUrls: [],
      attributes: [
        { type: 'property', name: 'Condition', value: 'Fairly Worn (FW)' },
        { type: 'property', name: 'Rarity', value: 'Legendary' },
      ],
      contract: {
        address: '0x8007604a4787E127952C275dcAcc0dAEDb2a3B97',
        name: 'collection name',
        symbol: 'cn',
        image:
          'https://xerial-main-bucket.s3.us-east-1.amazonaws.com/450ebc6038f65cb00973c284b893eec10c09cde7a1fd05edce21fa06493c9412-nezuko.jpg',
        description: 'collection description',
        externalUrl: 'http://ultra-super-game/dashboard/items/new',
      },
      maxSupply: '4',
      edition: 1,
    },
  },
];
const collections: Json = {
  projectId: '6564b4f3fa203b9Klsa2Ju7d0',
  project: {
    address: '0x7d78B5a8b04151E0741875c2d6e3Cb6A82098Ac5',
    network: 'polygon',
    name: 'ProyectM',
    description: 'Desc',
    category: 'MMORPG',
    tokenName: '',
    tokenLogo: '',
    logo: 'https:///your_project_image.jpg',
    trailer: 'http://www.google.com',
    downloadLink: 'http://www.google.com',
    userBanner: 'https://your_banner.jpg',
    domain: 'your.domain.example',
    symbol: 'NEZ',
    socialMedias: { _id: '658c2ae20c24dd5e00161a1a' },
    id: '6564b4f3fa203b9Klsa2Ju7d0',
  },
  collections: [
    {
      address: '0x8a63860fF851bb1391a295dF717a3bD210eB2170',
      name: 'Desc',
      symbol: '123',
      description: 'LL',
      image:
        'https://xerial-main-bucket.s3.us-east-1.amazonaws.com/287b86e8de6d472910015e048b04d08bc4a721aabb3e20651442c3a3c7946f94-anime%20armor.jpg',
      externalUrl: 'http://external-url.com',
      chain: 'polygon',
      txHash: '0x11bb4d5fadbb9f6ab1b0d1be1bb50c52a5ac997c495e8e29131629e21774e06a',
      project: '6564b4f3fa203b9Klsa2Ju7d0',
      id: '6585de73487f1429cb10bcb9',
    },
    {
      address: '0x11FF517B5e01fd22148F085FcA04F707d5b6e4DC',
      name: 'DS',
      symbol: '23',
      description: 'Description',
      image:
        'https://xerial-main-bucket.s3.us-east-1.amazonaws.com/2940477b2bead3482008d9be12f37a6b0c4f2372d47104a322be3e7e59f31e18-tanjiro.jpg',
      externalUrl: 'http://external-url.com',
      chain: 'polygon',
      txHash: '0x83a2d2ec69755693cc98766cd3ac1c9a697beec45aa8496a2bddba3d27ee7f7c',
      project: '6564b4f3fa203b9Klsa2Ju7d0',
      id: '6585deb8487f1429cb10bcdc',
    },
  ],
};
const project: Json = {
  project: {
    id: '6564b4f3fa203b318f65da05',
    address: '0x7d78B5a8b04151E0741875c2d6e3Cb6A8207jK8a',
    name: 'Special project',
    description: 'Project description',
    category: 'MMORPG',
    tokenName: '',
    tokenLogo: '',
    userBanner:
      'https://xerial-main-bucket.s3.us-east-1.amazonaws.com/46935ee6d252d9510a71cd7452dadcb06aa6ad73433f4c3e642c541c138a436e-game%20banner.jpg',
    logo: 'https://xerial-main-bucket.s3.amazonaws.com/450ebc6038f65cb00973c284b893eec10c09cde7a1fd05edce21fa06493c9412-nezuko.jpg',
    trailer: 'http://www.google.com',
    downloadLink: 'http://www.google.com',
    socialMedias: {
      twitter: 'https://twitter.com/xerial',
      instagram: 'https://instagram.com/xerial',
      discord: 'https://discord.gg/r9s9cz',
      linkedin: 'https://linkedin.com/in/xerial',
      _id: '658c3cc10c24dd5e00161a34',
    },
    symbol: 'SPJ',
    domain: 'xerial.io',
  },
};
const hash: Json = {
  transactionHash: '0xe2e830fcc13af572c0cbe970e69c2ebd873cc85b9984099a072709f1ee62305b',
};
/** As the documents of the published marketplace SDK print it. */
const hashOfClient: Json = {
  transactionHash: '0x1a9d0af42bca5be340e48843a2f7d540087d04afc19486695642d40c0ac45e11',
};

const authFailed = { code: 400, message: 'Auth Failed' };
const pleaseAuthenticate = { code: 401, message: 'Please Authenticate' };
const forbidden = { code: 403, message: 'Forbidden' };
const notFound = { code: 404, message: 'Not Found' };
const nonceNotFound = { code: 404, message: 'Nonce Not Found' };
const walletNotFound = { code: 404, message: 'Wallet Not Found' };
const notSupported = { code: 405, message: 'This Method Is Not Supported For Non-Custodial Wallets' };
const notHeld = { code: 412, message: "You Don't Have This NFT" };
const internalServerError = { error: 'Internal Server Error' };

/** What the server makes anew each time, by pointer. */
const newTokens = ['/access/token', '/access/expires', '/refresh/token', '/refresh/expires'];
const newHash = ['/transactionHash'];

/** An access token: the documented one, that of the last login, or none. */
type As = 'sample' | 'last login' | 'nobody';

type Row = {
  readonly name: string;
  readonly request: `${string} /${string}`;
  readonly as?: As;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** The printed payload; none where there is no content. */
  readonly payload?: Json;
  /** Where the answer differs from what is printed, for it is made anew. */
  readonly generated?: readonly string[];
};

/** What no rule leads to, for it follows from no request. */
const fault = (request: Row['request'], body?: Json): Row => ({
  name: 'a fault of the server, when asked for',
  request,
  headers: { prefer: 'code=500' },
  ...(body === undefined ? {} : { body }),
  status: 500,
  payload: internalServerError,
});

const at = (call: string, address = wallet): `POST /${string}` =>
  `POST /api/wallet/${address}/polygon/${call}`;
const login = { token: googleToken, clientId };
const another: Row = {
  name: 'somebody else logs in',
  request: 'POST /api/auth/google',
  body: { token: 'another', clientId },
  status: 200,
  payload: tokens,
  generated: newTokens,
};
const own = '0x1111111111111111111111111111111111111111';
const nonceOf = (address: string): Row => ({
  name: 'ask for a nonce',
  request: 'POST /api/nonce',
  body: { address },
  status: 200,
  payload: { nonce: 769504 },
  generated: ['/nonce'],
});
const withMetaMask: readonly Row[] = [
  nonceOf(own),
  {
    name: 'somebody logs in whose wallet Xerial does not hold',
    request: 'POST /api/auth/metamask',
    body: { signature, address: own },
    status: 200,
    payload: tokens,
    generated: newTokens,
  },
];

/** The transactions: the sample of each, and what must have happened before it. */
const transactions: readonly {
  readonly call: string;
  readonly body: Json;
  readonly before?: Row;
  readonly payload?: Json;
  /** A body that asks for what the wallet does not have; undefined where no such answer is documented. */
  readonly unheld?: Json;
}[] = [
  { call: 'transfer-nft', body: transfer, unheld: { ...transfer, tokenId: 99 } },
  { call: 'transfer-token', body: erc20 },
  {
    call: 'primary-purchase',
    body: purchase,
    unheld: { purchases: { collectionAddress, typeId: 99, quantity: 2 } },
  },
  {
    call: 'secondary-purchase',
    body: { marketItemId: 4 },
    payload: hashOfClient,
    unheld: { marketItemId: 99 },
  },
  {
    call: 'list-nft',
    body: { ...nft, price: 1 },
    payload: hashOfClient,
    unheld: { ...nft, tokenId: 99, price: 1 },
  },
  {
    call: 'delist-nft',
    body: nft,
    before: {
      name: 'list it first',
      request: at('list-nft'),
      as: 'sample',
      body: { ...nft, price: 1 },
      status: 200,
      payload: hashOfClient,
      generated: newHash,
    },
    unheld: { ...nft, tokenId: 99 },
  },
  {
    call: 'transaction',
    body: execution,
    payload: { transactionHash: '0xe2e830fcc13af572c0cbe970e69c2ebd...b9984099a072709f1ee62305b' },
  },
];

/** What the wallet has of the collection that the samples buy from. */
const held = (name: string, ...tokenIds: readonly number[]): Row => ({
  name,
  request: `GET /api/wallet/${wallet}/polygon/project-inventory/6564b4f3fa203b9Klsa2Ju7d0`,
  status: 200,
  payload:
    tokenIds.length === 0
      ? []
      : [
          {
            collection: {},
            quantity: tokenIds.length,
            metadata: { contract: { address: collectionAddress } },
            tokens: tokenIds.map((tokenId) => ({ tokenId })),
          },
        ],
});
/** A transaction of the wallet that goes through. */
const done = (name: string, call: string, body: Json, payload = hash): Row => ({
  name,
  request: at(call),
  as: 'sample',
  body,
  status: 200,
  payload,
  generated: newHash,
});
/** One that is refused, for the wallet does not have it. */
const unheld = (name: string, call: string, body: Json): Row => ({
  name,
  request: at(call),
  as: 'sample',
  body,
  status: 412,
  payload: notHeld,
});
const offered = (name: string, payload: Json): Row => ({
  name,
  request: `GET /marketplace/6564b4f3fa203b9Klsa2Ju7d0/polygon/secondary?seller=${wallet}`,
  status: 200,
  payload,
  generated: ['/0/marketItemId'],
});

/** Each a sequence on a mock of its own. */
const sequences: Readonly<Record<string, readonly Row[]>> = {
  'log in with Google': [
    {
      name: 'the sample',
      request: 'POST /api/auth/google',
      body: login,
      status: 200,
      payload: tokens,
      generated: newTokens,
    },
    {
      name: 'an empty token',
      request: 'POST /api/auth/google',
      body: { ...login, token: '' },
      status: 400,
      payload: authFailed,
    },
    fault('POST /api/auth/google', login),
    {
      name: 'the documented user is logged in',
      request: 'GET /api/user',
      as: 'last login',
      status: 200,
      payload: userAndWallets,
    },
  ],
  'log in with MetaMask': [
    {
      name: 'the sample',
      request: 'POST /api/auth/metamask',
      body: { signature, address: wallet },
      status: 200,
      payload: tokens,
      generated: newTokens,
    },
    {
      name: 'no nonce was asked for',
      request: 'POST /api/auth/metamask',
      body: { signature, address: own },
      status: 404,
      payload: nonceNotFound,
    },
    {
      name: 'an empty signature',
      request: 'POST /api/auth/metamask',
      body: { signature: '', address: wallet },
      status: 400,
      payload: authFailed,
    },
    fault('POST /api/auth/metamask', { signature, address: wallet }),
    ...withMetaMask,
    {
      name: 'a wallet that Xerial does not hold is its own address',
      request: 'GET /api/user',
      as: 'last login',
      status: 200,
      payload: {
        user: { identifier: own, id: '5ebac534954b54139806c112' },
        wallets: [
          {
            id: '656ab9db6a378b91ab1871be',
            address: own,
            custodial: false,
            user: '5ebac534954b54139806c112',
            type: 'evm',
          },
        ],
      },
      generated: ['/user/id', '/wallets/0/id', '/wallets/0/user'],
    },
  ],
  'refresh the tokens': [
    {
      name: 'the sample',
      request: 'POST /api/auth/refresh-tokens',
      body: { refreshToken },
      status: 200,
      payload: tokens,
      generated: newTokens,
    },
    {
      name: 'the same token again',
      request: 'POST /api/auth/refresh-tokens',
      body: { refreshToken },
      status: 401,
      payload: pleaseAuthenticate,
    },
    {
      name: 'a token that was never given out',
      request: 'POST /api/auth/refresh-tokens',
      body: { refreshToken: 'never-given-out' },
      status: 401,
      payload: pleaseAuthenticate,
    },
    fault('POST /api/auth/refresh-tokens', { refreshToken }),
  ],
  'log out': [
    { name: 'the sample', request: 'POST /api/auth/logout', body: { refreshToken }, status: 204 },
    {
      name: 'the same token again',
      request: 'POST /api/auth/logout',
      body: { refreshToken },
      status: 404,
      payload: notFound,
    },
    {
      name: 'the session cannot be renewed',
      request: 'POST /api/auth/refresh-tokens',
      body: { refreshToken },
      status: 401,
      payload: pleaseAuthenticate,
    },
    {
      name: 'the access token goes on',
      request: 'GET /api/user',
      as: 'sample',
      status: 200,
      payload: userAndWallets,
    },
  ],
  'see who you are': [
    { name: 'the sample', request: 'GET /api/user', as: 'sample', status: 200, payload: userAndWallets },
    { name: 'nobody', request: 'GET /api/user', status: 401, payload: pleaseAuthenticate },
    {
      name: 'as an older page prints it, when asked for',
      request: 'GET /api/user',
      as: 'sample',
      headers: { prefer: 'example=older-user' },
      status: 200,
      payload: olderUserAndWallets,
    },
    fault('GET /api/user'),
  ],
  'create a user and a wallet': [
    {
      name: 'the sample of a user',
      request: 'POST /api/user',
      as: 'sample',
      body: { reference: 'xerial@example.io' },
      status: 200,
      payload: newUser,
      generated: ['/id'],
    },
    {
      name: 'the sample of a wallet',
      request: 'POST /api/wallet/5ebac534954b54139806c112',
      as: 'sample',
      body: { type: 'evm' },
      status: 200,
      payload: newWallet,
      generated: ['/id', '/address', '/smartAccount'],
    },
    { name: 'a user by nobody', request: 'POST /api/user', status: 401, payload: pleaseAuthenticate },
    {
      name: 'a wallet by nobody',
      request: 'POST /api/wallet/5ebac534954b54139806c112',
      body: { type: 'evm' },
      status: 401,
      payload: pleaseAuthenticate,
    },
    fault('POST /api/user'),
    fault('POST /api/wallet/5ebac534954b54139806c112', { type: 'evm' }),
  ],
  'look into a wallet': [
    {
      name: 'what it has of a project, as far as the page can be seen',
      request: `GET /api/wallet/${wallet}/polygon/project-inventory/6601f93s3ff2ea0348edeb6a`,
      status: 200,
      payload: inventory,
    },
    {
      name: 'all that it has, as far as the page can be seen',
      request: `GET /api/wallet/${wallet}/polygon/global-inventory`,
      status: 200,
      payload: globalInventory,
    },
    {
      name: 'its coins',
      request: `GET /api/wallet/${wallet}/polygon/eth`,
      status: 200,
      payload: { balance: '0.053353126320360021' },
    },
    {
      name: 'its ERC20 tokens, of which the mock has none',
      request: `GET /api/wallet/${wallet}/polygon/tokens`,
      status: 200,
      payload: { balances: { usdc: 0 } },
    },
    {
      name: 'a whole inventory as a client prints it, when asked for',
      request: `GET /api/wallet/${wallet}/polygon/project-inventory/6564b4f3fa203b9Klsa2Ju7d0`,
      headers: { prefer: 'example=whole-inventory' },
      status: 200,
      payload: wholeInventory,
    },
    {
      name: 'what an address has that is no wallet',
      request: `GET /api/wallet/${own}/polygon/project-inventory/6601f93s3ff2ea0348edeb6a`,
      status: 200,
      payload: [],
    },
    {
      name: 'all that it has',
      request: `GET /api/wallet/${own}/polygon/global-inventory`,
      status: 200,
      payload: { ownedNfts: [] },
    },
  ],
  'look at the market': [
    {
      name: 'what is sold new',
      request: 'GET /marketplace/6564b4f3fa203b9Klsa2Ju7d0/polygon/primary',
      status: 200,
      payload: listedNfts,
    },
    {
      name: 'what people sell',
      request: 'GET /marketplace/6564b4f3fa203b9Klsa2Ju7d0/polygon/secondary',
      status: 200,
      payload: marketItems,
    },
    {
      name: 'collections',
      request: 'GET /collections?project=6564b4f3fa203b9Klsa2Ju7d0',
      status: 200,
      payload: collections,
    },
    { name: 'a project', request: 'GET /marketplace/xerial.io', status: 200, payload: project },
  ],
  'buy from an owner, as the page prints the answer': [
    {
      name: 'the sample',
      request: at('secondary-purchase'),
      as: 'sample',
      headers: { prefer: 'example=project-data' },
      body: { marketItemId: 4 },
      status: 200,
      payload: projectData,
    },
  ],
  ...Object.fromEntries(
    transactions.map(({ call, body, before, payload = hash, unheld }): [string, readonly Row[]] => [
      call,
      [
        ...(before === undefined ? [] : [before]),
        {
          name: 'the sample',
          request: at(call),
          as: 'sample',
          body,
          status: 200,
          payload,
          generated: newHash,
        },
        { name: 'nobody', request: at(call), body, status: 401, payload: pleaseAuthenticate },
        {
          name: 'no such wallet',
          request: at(call, own),
          as: 'sample',
          body,
          status: 404,
          payload: walletNotFound,
        },
        another,
        {
          name: "another's wallet",
          request: at(call),
          as: 'last login',
          body,
          status: 403,
          payload: forbidden,
        },
        ...withMetaMask,
        {
          name: 'a wallet that is not custodial',
          request: at(call, own),
          as: 'last login',
          body,
          status: 405,
          payload: notSupported,
        },
        ...(unheld === undefined
          ? []
          : [
              {
                name: 'what the wallet does not have',
                request: at(call),
                as: 'sample',
                body: unheld,
                status: 412,
                payload: notHeld,
              } as const,
            ]),
        fault(at(call), body),
      ],
    ]),
  ),
  'what is bought is in the inventory, and what is given away is not': [
    held('one to begin with', 2),
    done('the sample of a purchase', 'primary-purchase', purchase),
    held('two more', 2, 3, 4),
    done('one is given away', 'transfer-nft', { collectionAddress, tokenId: 3, to: own }),
    held('the others are left', 2, 4),
    unheld('it cannot be given away again', 'transfer-nft', { collectionAddress, tokenId: 3, to: own }),
    unheld('nor put up for sale', 'list-nft', { collectionAddress, tokenId: 3, price: 1 }),
    done('the sample of a purchase from an owner', 'secondary-purchase', { marketItemId: 4 }, hashOfClient),
    held('it has come', 1, 2, 4),
    unheld('it cannot be bought again', 'secondary-purchase', { marketItemId: 4 }),
  ],
  'what is taken off the market is gone': [
    offered('nothing to begin with', []),
    unheld('nothing can be taken off', 'delist-nft', nft),
    done('it is put up for sale', 'list-nft', { ...nft, price: 1 }, hashOfClient),
    offered('it is there', [
      {
        tokenId: 2,
        price: 1,
        seller: wallet,
        marketItemId: 4,
        metadata: { contract: { address: collectionAddress } },
      },
    ]),
    done('the sample', 'delist-nft', nft),
    offered('it is gone', []),
    unheld('it cannot be taken off again', 'delist-nft', nft),
    held("it is still the wallet's", 2),
  ],
  'an ERC20 transfer that has no NFT, when asked for': [
    {
      name: 'the sample',
      request: at('transfer-token'),
      as: 'sample',
      headers: { prefer: 'code=412' },
      body: erc20,
      status: 412,
      payload: notHeld,
    },
  ],
};

describe('the documented samples of Xerial', () => {
  test.each(Object.entries(sequences))('%s', async (_name, rows) => {
    const mock = createMock(xerial, { seed: 1, clock: () => Date.UTC(2026, 0, 31, 12) });
    let lastLogin = '';
    for (const row of rows) {
      const credential = { sample: bearer, 'last login': lastLogin, nobody: undefined }[row.as ?? 'nobody'];
      const { status, text } = await sent(mock, row, credential);
      expect([row.name, status, text]).toEqual([row.name, row.status, printed(row, text)]);
      const answer: { access?: { token: string } } = text === '' ? {} : JSON.parse(text);
      lastLogin = answer.access?.token ?? lastLogin;
    }
  });
});

async function sent(
  mock: Mock,
  { request, body, headers }: Row,
  credential: string | undefined,
): Promise<{ readonly status: number; readonly text: string }> {
  const [method = '', target = ''] = request.split(/ (.*)/);
  const response = await mock.request(target, {
    method,
    headers: {
      ...headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

/** The printed payload, byte for byte, with what is made anew as it came: of the same kind, and not what is printed. */
function printed({ payload, generated = [] }: Row, text: string): string {
  if (payload === undefined) return '';
  const came: Json = JSON.parse(text);
  return JSON.stringify(withGenerated(payload, came, generated, ''));
}

function withGenerated(
  print: Json,
  came: Json | undefined,
  generated: readonly string[],
  pointer: string,
): Json {
  if (generated.includes(pointer))
    return typeof came === typeof print && came !== print ? (came ?? null) : print;
  if (Array.isArray(print)) {
    const items = Array.isArray(came) ? came : [];
    return print.map((item, index) =>
      withGenerated(item, items[index], generated, pointerTo(pointer, index)),
    );
  }
  if (!isObject(print)) return print;
  return Object.fromEntries(
    Object.entries(print).map(([name, member]) => [
      name,
      withGenerated(member, isObject(came) ? came[name] : undefined, generated, pointerTo(pointer, name)),
    ]),
  );
}
