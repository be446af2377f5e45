import {
  attributes,
  objectProperties,
  propertyOf,
  readAttribute,
  writeAttribute,
  type VodropUploaderProperties,
} from './properties.js';

/** Where there is no document, as on a server, the class is defined but cannot be used. */
const ElementClass =
  (globalThis as { HTMLElement?: typeof HTMLElement }).HTMLElement ?? (class {} as typeof HTMLElement);

type PropertyName = keyof VodropUploaderProperties;

/** An element whose properties are those of the table: kept in attributes as far as attributes can hold them. */
class PropertiesElement extends ElementClass {
  static readonly observedAttributes: readonly string[] = [...Object.keys(attributes), 'value'];

  readonly #objects = new Map<string, unknown>();

  /** What the property is at the moment. */
  protected read(name: PropertyName): unknown {
    if (this.#objects.has(name)) return this.#objects.get(name);
    const attribute = attributeOf.get(name);
    return attribute && readAttribute(attributes[attribute], this.getAttribute(attribute));
  }

  protected write(name: PropertyName, value: unknown): void {
    const attribute = attributeOf.get(name);
    const text = attribute && writeAttribute(attributes[attribute], value);
    if (attribute === undefined || text === undefined) {
      this.#objects.set(name, value);
      this.propertiesChanged();
      return;
    }
    this.#objects.delete(name);
    if (text === null) this.removeAttribute(attribute);
    else this.setAttribute(attribute, text);
  }

  /** Takes over what was set as plain properties before the element was defined. */
  protected upgradeProperties(others: readonly string[]): void {
    for (const name of [...propertyNames, ...others]) {
      if (!Object.hasOwn(this, name)) continue;
      const value: unknown = Reflect.get(this, name);
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
  }

  protected propertiesChanged(): void {
    // Of the element that extends this.
  }
}

const attributeOf: ReadonlyMap<string, keyof typeof attributes> = new Map(
  (Object.keys(attributes) as (keyof typeof attributes)[]).map((attribute) => [
    propertyOf(attribute),
    attribute,
  ]),
);
export const propertyNames = [...attributeOf.keys(), ...objectProperties] as readonly PropertyName[];

for (const name of propertyNames)
  Object.defineProperty(PropertiesElement.prototype, name, {
    configurable: true,
    enumerable: true,
    get(this: PropertiesElement) {
      return this.read(name);
    },
    set(this: PropertiesElement, value: unknown) {
      this.write(name, value);
    },
  });

/** With the types of the accessors defined above. */
export const ElementWithProperties = PropertiesElement as unknown as Omit<
  typeof PropertiesElement,
  'prototype'
> &
  (new () => PropertiesElement & VodropUploaderProperties);
