/** Why a part is refused: its entry was cleared, so that nothing can resume from it. */
export function withoutEntry(): DOMException {
  return new DOMException('the entry of this part is not there', 'NotFoundError');
}
