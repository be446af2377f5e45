import { useSheet } from '../hooks/use-sheet.js';
import css from './trim.css?inline';

export function useTrimStyles(): void {
  useSheet('trim-styles', css);
}
