// Makes one page for each provider, with every option of its factory, from the types and their comments.
import path from 'node:path';
import ts from 'typescript';
import { root } from './install.mjs';

/** What the types do not say. `limits` names the vendor's rules that a page of options does not explain. */
export const providers = [
  {
    id: 'huawei-vod',
    title: 'Huawei Cloud VOD',
    options: 'HuaweiVodOptions',
    example: `huaweiVod({
  projectId: process.env.HUAWEI_PROJECT_ID ?? '',
  region: 'cn-north-4',
  credentials: { accessKey: process.env.HUAWEI_AK ?? '', secretKey: process.env.HUAWEI_SK ?? '' },
  templateGroupName: 'lessons',
})`,
    notes: [
      'Besides the video: a cover, subtitles, title, description and tags. The page may also set `categoryId`, `autoPublish`, `templateGroupName`, `workflowName`, `autoEncrypt`, `autoPreheat` and `reviewTemplateId` of an upload, as far as `authorize` lists them in `options`.',
      'The service owns the bucket and signs the URLs. Its CORS rule is set for the domains that the console of VOD lists.',
    ],
  },
  {
    id: 'huawei-metastudio',
    title: 'Huawei Cloud MetaStudio',
    options: 'HuaweiMetastudioOptions',
    example: `huaweiMetastudio({
  projectId: process.env.HUAWEI_PROJECT_ID ?? '',
  region: 'cn-north-4',
  credentials: { accessKey: process.env.HUAWEI_AK ?? '', secretKey: process.env.HUAWEI_SK ?? '' },
})`,
    notes: ['Besides the video: tags. The service makes the cover itself.'],
  },
  {
    id: 'alibaba-vod',
    title: 'Alibaba Cloud ApsaraVideo VOD',
    options: 'AlibabaVodOptions',
    example: `alibabaVod({
  region: 'cn-shanghai',
  credentials: { accessKeyId: process.env.ALIBABA_ID ?? '', accessKeySecret: process.env.ALIBABA_SECRET ?? '' },
  templateGroupId: 'VOD_NO_TRANSCODE',
})`,
    notes: [
      'Besides the video: a cover, subtitles, title, description and tags. The page may also set `cateId`, `templateGroupId`, `workflowId`, `storageLocation`, `appId`, `coverUrl` and `userData`, as far as `authorize` lists them in `options`.',
    ],
  },
  {
    id: 'tencent-vod',
    title: 'Tencent Cloud VOD',
    options: 'TencentVodOptions',
    example: `tencentVod({
  credentials: { secretId: process.env.TENCENT_SECRET_ID ?? '', secretKey: process.env.TENCENT_SECRET_KEY ?? '' },
  site: 'intl',
  subAppId: 1500000001,
})`,
    notes: ['Besides the video: a cover, with the start only.'],
  },
  {
    id: 's3',
    title: 'Amazon S3 and compatible stores',
    options: 'S3Options',
    example: `s3({
  bucket: 'videos',
  region: 'eu-central-1',
  credentials: { accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? '' },
})`,
    notes: [
      'A store without a media service: an upload is `ready` as soon as it is complete, and its media id is the key of the object. Presets for other stores (`s3Stores`), CORS and ACLs are in [Providers](?path=/docs/guides-providers--docs).',
    ],
  },
];

let program;

/** Every option of a provider, with its type and comment: also those that other types bring in. */
export function optionsOf({ options }) {
  program ??= ts.createProgram([path.join(root, 'src/server/index.ts')], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: ['node'],
  });
  const checker = program.getTypeChecker();
  const index = checker.getSymbolAtLocation(program.getSourceFile(path.join(root, 'src/server/index.ts')));
  const exported = checker.getExportsOfModule(index).find(({ name }) => name === options);
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  return checker
    .getDeclaredTypeOfSymbol(symbol)
    .getProperties()
    .map((property) => ({
      name: property.name,
      isOptional: (property.flags & ts.SymbolFlags.Optional) !== 0,
      type: typeTextOf(checker, property),
      doc: ts.displayPartsToString(property.getDocumentationComment(checker)).replace(/\s+/g, ' '),
    }))
    .toSorted((one, other) => Number(one.isOptional) - Number(other.isOptional));
}

/** As it is written where that is short, because resolved types repeat whole objects. */
function typeTextOf(checker, property) {
  const written = property.declarations?.[0]?.type?.getText();
  const resolved = checker.typeToString(
    checker.getTypeOfSymbol(property),
    undefined,
    ts.TypeFormatFlags.NoTruncation,
  );
  return (written ?? resolved.replace(/ \| undefined$/, '')).replace(/\s+/g, ' ');
}

/** The page of one provider as MDX. */
export function providerPage(provider) {
  const { id, title, example, notes } = provider;
  const [factory] = example.split('(');
  const rows = optionsOf(provider).map(
    ({ name, isOptional, type, doc }) =>
      `| ${code(`${name}${isOptional ? '?' : ''}`)} | ${code(type)} | ${plain(doc)} |`,
  );
  return `import { Meta } from '@storybook/addon-docs/blocks';

<Meta title="Providers/${title}" />

# ${title}

${notes.join('\n\n')}

On the server:

\`\`\`ts
import { ${factory} } from 'vodrop/server';

const provider = ${example};
\`\`\`

In the page: \`provider="${id}"\`. \`npx vodrop doctor <module or address>\` checks keys, rights and CORS before pages use it.

## Options

| Option | Type | |
|---|---|---|
${rows.join('\n')}
`;
}

const code = (text) => `\`${text.replaceAll('`', "'").replaceAll('|', '\\|')}\``;

/** MDX reads braces and angle brackets as code. */
function plain(text) {
  return text
    .split(/(`[^`]*`)/)
    .map((piece, i) => (i % 2 ? piece : piece.replaceAll(/[{}<>]/g, (letter) => `\\${letter}`)))
    .join('')
    .replaceAll('|', '\\|');
}
