import type { ReactNode } from 'react';
import { Table } from '@mantine/core';

/** One column: its heading, and what stands in it. */
export interface Column<Row> {
  heading: string;
  cell: (row: Row) => ReactNode;
  /** Figures stand under each other by their units. */
  numeric?: boolean;
}

interface DataTableProps<Row> {
  /** What it is a table of, for whoever hears it. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
}

/** Rows of things of one kind. A table that is too wide scrolls by itself, and by the keyboard. */
export function DataTable<Row>({ caption, columns, rows, rowKey }: DataTableProps<Row>): ReactNode {
  return (
    <div className="panel table-scroll" role="region" aria-label={caption} tabIndex={0}>
      <Table verticalSpacing={8} horizontalSpacing="sm" fz="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ heading, numeric }) => (
              <Table.Th
                key={heading}
                scope="col"
                ta={numeric === true ? 'right' : 'left'}
                style={{ whiteSpace: 'nowrap' }}
              >
                {heading}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={rowKey(row)}>
              {columns.map(({ heading, cell, numeric }) => (
                <Table.Td
                  key={heading}
                  ta={numeric === true ? 'right' : 'left'}
                  {...(numeric === true ? { className: 'numeric' } : {})}
                >
                  {cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
