import type { ReactNode } from 'react';
import { useWidget } from '../context.js';
import { useListView } from '../hooks/use-list-view.js';
import type { Total } from '../hooks/use-total.js';
import { arrangementOf } from '../stores/arrange-rows.js';
import type { ListFilter, ListOrder, ListView } from '../stores/list-view.js';
import { Menu } from './menu.js';

/** Filter and order of a long list, below its total. The count of what needs a person is never out of sight. */
export function ListControls({ total }: { total: Total }): ReactNode {
  const { messages, format } = useWidget();
  const [{ filter, order }, setView] = useListView();
  const set = (patch: Partial<ListView>) => {
    const view = { filter, order, ...patch };
    setView({ ...view, arrange: arrangementOf(view) });
  };
  const filters: readonly (readonly [ListFilter, string, number])[] = [
    ['all', messages.all, total.count],
    ['uploading', messages.filterUploading, total.moving],
    ['attention', messages.filterAttention, total.failedIds.length],
    ['ready', messages.ready, total.ready],
  ];
  const countOf = (name: ListFilter) => filters.find(([one]) => one === name)?.[2] ?? 0;
  // What nothing passes filters nothing.
  const pressed = countOf(filter) > 0 ? filter : 'all';
  const orders: Record<ListOrder, string> = {
    added: messages.orderAdded,
    name: messages.orderName,
    status: messages.orderStatus,
  };
  return (
    <div className="vd-controls" data-vodrop="list-controls">
      <div className="vd-filters" role="group" aria-label={messages.show}>
        {filters.map(([name, label, count]) => (
          <button
            key={name}
            type="button"
            className="vd-button vd-filter"
            data-filter={name}
            data-tone={name === 'attention' && count > 0 ? 'bad' : undefined}
            aria-pressed={pressed === name}
            disabled={count === 0 && name !== 'all'}
            onClick={() => {
              set({ filter: name });
            }}
          >
            <bdi>{label}</bdi> <bdi>{format.number(count)}</bdi>
          </button>
        ))}
      </div>
      <Menu
        label={orders[order]}
        icon="sort"
        hasText
        items={(Object.keys(orders) as ListOrder[]).map((name) => ({
          label: orders[name],
          isChecked: name === order,
          onSelect: () => {
            set({ order: name });
          },
        }))}
      />
    </div>
  );
}
