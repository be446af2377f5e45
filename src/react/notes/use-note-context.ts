import type { UploaderSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { useSelected } from '../hooks/use-uploads.js';
import type { NoteWords } from '../messages/en-on-demand.js';
import type { NoteContext } from './note-text.js';

const selectTranscodes = ({ capabilities }: UploaderSnapshot) => capabilities?.transcodes === true;

export function useNoteContext(): (words: NoteWords) => NoteContext {
  const { uploader, format } = useWidget();
  const transcodes = useSelected(uploader, selectTranscodes);
  return (words) => ({ words, format, transcodes });
}
