import { useSheet } from '../hooks/use-sheet.js';
import css from './sources.css?inline';

export function useSourceStyles(): void {
  useSheet('source-styles', css);
}
