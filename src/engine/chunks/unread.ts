/** Loads what adds the files of a large drop before their first bytes are read; without it, they are read first. */
export const loadUnread = () => import('../restrictions/unread.js');
