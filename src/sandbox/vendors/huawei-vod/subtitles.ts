import type { Subtitle } from './assets.js';
import type { Fields } from './fields.js';

/** "Updating a Video", table 4. The create call accepts the same objects. */
export function readSubtitles(fields: Fields): Subtitle[] {
  return fields.list('subtitles').map((item) => {
    const subtitle: Subtitle = {
      id: item.integer('id', 1, 16) ?? item.refuse('id'),
      type: item.oneOf('type', ['SRT', 'VTT']) ?? item.refuse('type'),
      language: item.requiredText('language'),
    };
    const [name, md5, description] = [item.text('name'), item.md5('md5'), item.text('description')];
    if (name !== undefined) subtitle.name = name;
    if (md5 !== undefined) subtitle.md5 = md5;
    if (description !== undefined) subtitle.description = description;
    return subtitle;
  });
}
