// Writes the declarations of the element for the templates of frameworks: `import 'vodrop/element/vue'` is `vodrop/element`
// with them. They are apart from `element.d.ts`, because each needs the types of its framework.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './install.mjs';

const common = `
import type { VodropUploaderElement, VodropUploaderEventMap, VodropUploaderProperties } from '../element.js';

export * from '../element.js';

interface Values {
  /** Media ids, separated by commas. */
  value?: string | undefined;
  mediaIds?: readonly string[] | undefined;
}
type Listeners<Prefix extends string> = {
  [Name in keyof VodropUploaderEventMap as \`\${Prefix}\${Name}\`]?: ((event: VodropUploaderEventMap[Name]) => void) | undefined;
};
type Kebab<Text extends string> = Text extends \`\${infer Head}\${infer Tail}\`
  ? \`\${Head extends Lowercase<Head> ? Head : \`-\${Lowercase<Head>}\`}\${Kebab<Tail>}\`
  : Text;
type Attributes = {
  [Name in keyof VodropUploaderProperties as Kebab<Name>]?: VodropUploaderProperties[Name] | string | undefined;
};
type Properties = Partial<VodropUploaderProperties> & Values;
`;

const declarations = {
  react: `import type { HTMLAttributes, Key, Ref } from 'react';
${common}
type Props = Properties &
  Listeners<'on'> &
  Omit<HTMLAttributes<VodropUploaderElement>, keyof VodropUploaderProperties> & {
    ref?: Ref<VodropUploaderElement> | undefined;
    key?: Key | null | undefined;
  };

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'vodrop-uploader': Props;
    }
  }
}
`,
  vue: `import type { HTMLAttributes } from 'vue';
${common}
type Pascal<Text extends string> = Text extends \`\${infer Head}-\${infer Tail}\`
  ? \`\${Capitalize<Head>}\${Pascal<Tail>}\`
  : Capitalize<Text>;
type VueListeners = {
  [Name in keyof VodropUploaderEventMap as \`on\${Pascal<Name>}\`]?: ((event: VodropUploaderEventMap[Name]) => void) | undefined;
};

declare module 'vue' {
  interface GlobalComponents {
    'vodrop-uploader': new () => { $props: Properties & VueListeners & HTMLAttributes };
  }
}
`,
  svelte: `import type { HTMLAttributes } from 'svelte/elements';
${common}
declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'vodrop-uploader': Properties &
      Attributes &
      Listeners<'on'> &
      Listeners<'on:'> &
      Omit<HTMLAttributes<VodropUploaderElement>, keyof VodropUploaderProperties | keyof Attributes>;
  }
}
`,
  solid: `import type { JSX } from 'solid-js';
${common}
type SolidProps = Attributes &
  Listeners<'on:'> &
  Omit<JSX.HTMLAttributes<VodropUploaderElement>, keyof Attributes> & {
    [Name in keyof Properties as \`prop:\${Name}\`]?: Properties[Name];
  };

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      'vodrop-uploader': SolidProps;
    }
  }
}
`,
};

export function writeElementTypes() {
  const folder = path.join(root, 'dist/types/element');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(declarations)) {
    // Unused helpers would be errors for hosts that forbid them.
    const used = name === 'svelte' || name === 'solid' ? text : text.replace(/type Kebab[\s\S]*?\n};\n/, '');
    writeFileSync(path.join(folder, `${name}.d.ts`), used);
  }
}
