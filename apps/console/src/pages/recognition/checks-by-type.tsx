import type { ReactNode } from 'react';
import { Table, Text } from '@mantine/core';
import { Section } from '../../parts/section.tsx';
import { TableScroll } from '../../parts/table-scroll.tsx';
import { useFormats } from '../../words/formats.ts';
import { checkName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import { SplitBar, SplitLegend } from '../indicators/bars.tsx';
import type { Figures, Indicators } from '../indicators/figures.ts';
import { useShares } from '../indicators/shares.ts';

type HoursPerCheck = Indicators['hoursPerCheck'];

interface ChecksByTypeProps {
  figures: Figures;
  hoursPerCheck: HoursPerCheck;
}

/** What became of each type of check that units asked about. */
export function ChecksByType({ figures: { checks }, hoursPerCheck }: ChecksByTypeProps): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const share = useShares();
  return (
    <TableScroll>
      <Table miw={760} verticalSpacing={5} className="numeric">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{say({ zh: '查验', en: 'Check' })}</Table.Th>
            <Table.Th scope="col" w="24%">
              <SplitLegend first={say({ zh: '互认', en: 'Recognised' })} second={say({ zh: '须查', en: 'Required' })} />
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {say({ zh: '互认', en: 'Recognised' })}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {say({ zh: '须查', en: 'Required' })}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {say({ zh: '互认率', en: 'Share' })}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {say({ zh: '免于查验', en: 'Avoided' })}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {say({ zh: '重复', en: 'Twice' })}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {say({ zh: '假定节省', en: 'Hours, assumed' })}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {checks.byType
            .toSorted((one, other) => other.recognised + other.required - one.recognised - one.required)
            .map(({ type, recognised, required, avoided, repeated }) => (
              <Table.Tr key={type}>
                <Table.Th scope="row" fw={500}>
                  {say(checkName(type))}
                </Table.Th>
                <Table.Td>
                  <SplitBar first={recognised} second={required} />
                </Table.Td>
                <Table.Td ta="end">{number(recognised)}</Table.Td>
                <Table.Td ta="end">{number(required)}</Table.Td>
                <Table.Td ta="end">{share(recognised, recognised + required)}</Table.Td>
                <Table.Td ta="end">{number(avoided)}</Table.Td>
                <Table.Td ta="end">{number(repeated)}</Table.Td>
                <Table.Td ta="end">{number(Math.round(avoided * hoursPerCheck[type] * 10) / 10)}</Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}

/** On what the saved hours rest: nobody measured them. */
export function HoursAssumed({ hoursPerCheck }: { hoursPerCheck: HoursPerCheck }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const each = Object.entries(hoursPerCheck).map(([check, hours]) => {
    const name = checkName(check);
    return { zh: `${name.zh} ${number(hours)}`, en: `${name.en} ${number(hours)}` };
  });
  return (
    <Section title={say({ zh: '工时是假定的', en: 'Hours are assumed' })} id="hours">
      <Text size="sm">
        {say({
          zh: `节省工时＝免于查验的项数乘以下列每项工时（小时）。这些工时未经实测：${each.map(({ zh }) => zh).join('，')}。`,
          en: `Hours saved are avoided checks, each by the hours below, which nobody measured: ${each.map(({ en }) => en).join(', ')}.`,
        })}
      </Text>
    </Section>
  );
}
