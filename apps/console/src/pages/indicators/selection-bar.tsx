import type { ReactNode } from 'react';
import { Group, SegmentedControl, Select } from '@mantine/core';
import { AGENCIES, PLACES, PROVINCES } from '@clearance/contracts/words';
import { placeName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import { DIRECTIONS, directionName, modeName, MODES, PERIOD_NAMES } from './names.ts';
import { PERIODS } from './periods.ts';
import type { Selection, SelectionName } from './selection.ts';

const UNITS = PROVINCES.flatMap(({ code }) => AGENCIES.map((agency) => `${code}.${agency}`));
const PORTS = Object.entries(PLACES).flatMap(([code, { province }]) => (province === undefined ? [] : [code]));

interface SelectionBarProps {
  selection: Selection;
  select: (name: SelectionName, value: string | null) => void;
}

/** Chooses the period, and what figures are narrowed to. */
export function SelectionBar({ selection, select }: SelectionBarProps): ReactNode {
  const say = useText();
  return (
    <Group gap="sm" mb="md" role="search" aria-label={say({ zh: '期间与筛选', en: 'Period and filters' })}>
      <SegmentedControl
        size="sm"
        aria-label={say({ zh: '期间', en: 'Period' })}
        value={selection.period}
        onChange={(period) => select('period', period)}
        data={PERIODS.map((value) => ({ value, label: say(PERIOD_NAMES[value]) }))}
      />
      <PlaceFilters selection={selection} select={select} />
      <Filter
        name="mode"
        label={say({ zh: '运输方式', en: 'Mode' })}
        value={selection.mode}
        select={select}
        data={MODES.map((value) => ({ value, label: say(modeName(value)) }))}
        width={160}
      />
      <Filter
        name="direction"
        label={say({ zh: '进出口', en: 'Direction' })}
        value={selection.direction}
        select={select}
        data={DIRECTIONS.map((value) => ({ value, label: say(directionName(value)) }))}
        width={160}
      />
    </Group>
  );
}

/** Chooses a port and a unit. */
export function PlaceFilters({
  selection,
  select,
}: {
  selection: Pick<Selection, 'port' | 'unit'>;
  select: (name: 'port' | 'unit', value: string | null) => void;
}): ReactNode {
  const say = useText();
  return (
    <>
      <Filter
        name="port"
        label={say({ zh: '口岸', en: 'Port' })}
        value={selection.port}
        select={select}
        data={PORTS.map((value) => ({ value, label: `${say(placeName(value))} ${value}` }))}
        width={190}
      />
      <Filter
        name="unit"
        label={say({ zh: '单位', en: 'Unit' })}
        value={selection.unit}
        select={select}
        data={UNITS.map((value) => ({ value, label: say(unitName(value)) }))}
        width={190}
      />
    </>
  );
}

interface FilterProps<Name extends string> {
  name: Name;
  label: string;
  value: string | undefined;
  select: (name: Name, value: string | null) => void;
  data: { value: string; label: string }[];
  width: number;
}

function Filter<Name extends string>({ name, label, value, select, data, width }: FilterProps<Name>): ReactNode {
  const say = useText();
  return (
    <Select
      size="sm"
      w={width}
      aria-label={label}
      placeholder={say({ zh: `${label}：全部`, en: `${label}: all` })}
      value={value ?? null}
      onChange={(chosen) => select(name, chosen)}
      data={data}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': say({ zh: `清除${label}`, en: `Clear ${label}` }) }}
      nothingFoundMessage={say({ zh: '没有匹配项', en: 'Nothing fits' })}
    />
  );
}
