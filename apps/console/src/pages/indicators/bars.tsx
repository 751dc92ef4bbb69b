import type { ReactNode } from 'react';
import { useFormats } from '../../words/formats.ts';
import { useText } from '../../words/text.tsx';
import classes from './bars.module.css';

/** Two parts of a whole, side by side; the numbers stand beside it in the table, so it is not read aloud. */
export function SplitBar({ first, second, most }: { first: number; second: number; most?: number }): ReactNode {
  const whole = most ?? first + second;
  const width = (part: number): string => `${whole > 0 ? (part / whole) * 100 : 0}%`;
  return (
    <span className={classes['bar']} aria-hidden="true">
      <span className={classes['first']} style={{ width: width(first) }} />
      <span className={classes['second']} style={{ width: width(second) }} />
    </span>
  );
}

/** A number beside the greatest of its kind. */
export function CountBar({ count, most }: { count: number; most: number }): ReactNode {
  return <SplitBar first={count} second={0} most={most} />;
}

/** Which part of a {@link SplitBar} is which. */
export function SplitLegend({ first, second }: { first: string; second: string }): ReactNode {
  return (
    <span className={classes['legend']}>
      <span className={classes['firstSign']} aria-hidden="true" />
      {first}
      <span className={classes['secondSign']} aria-hidden="true" />
      {second}
    </span>
  );
}

/** One day's two numbers. */
export interface DayBar {
  day: string;
  first: number;
  second: number;
}

interface DayChartProps {
  days: readonly DayBar[];
  title: string;
  names: { first: string; second: string };
}

const WIDTH = 960;
const HEIGHT = 200;
const LEFT = 56;
const BOTTOM = 24;
const TOP = 8;

/** Columns by day, two beside each other; what it shows stands in a table too, which is what is read aloud. */
export function DayChart({ days, title, names }: DayChartProps): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const most = Math.max(1, ...days.flatMap(({ first, second }) => [first, second]));
  const ticks = ticksTo(most);
  const top = ticks.at(-1)!;
  const slot = (WIDTH - LEFT) / Math.max(1, days.length);
  const wide = Math.min(18, slot * 0.38);
  const y = (count: number): number => TOP + (1 - count / top) * (HEIGHT - TOP - BOTTOM);
  const every = Math.ceil(days.length / 15);
  const sum = (of: (day: DayBar) => number): string => number(days.reduce((all, day) => all + of(day), 0));
  return (
    <figure className={classes['chart']}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={say({
          zh: `${title}：${days.length} 天，${names.first} ${sum(({ first }) => first)}，${names.second} ${sum(({ second }) => second)}；各日数字见下表`,
          en: `${title}: ${days.length} days, ${names.first} ${sum(({ first }) => first)}, ${names.second} ${sum(({ second }) => second)}; the table below has each day`,
        })}
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line className={classes['grid']} x1={LEFT} x2={WIDTH} y1={y(tick)} y2={y(tick)} />
            <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
              {number(tick)}
            </text>
          </g>
        ))}
        {days.map(({ day, first, second }, at) => {
          const middle = LEFT + slot * (at + 0.5);
          return (
            <g key={day}>
              <title>{`${day}: ${names.first} ${number(first)}, ${names.second} ${number(second)}`}</title>
              <rect
                className={classes['column']}
                x={middle - wide}
                y={y(first)}
                width={wide}
                height={y(0) - y(first)}
              />
              <rect className={classes['other']} x={middle} y={y(second)} width={wide} height={y(0) - y(second)} />
              {at % every === 0 && (
                <text x={middle} y={HEIGHT - 6} textAnchor="middle">
                  {day.slice(5)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <figcaption>
        <SplitLegend {...names} />
      </figcaption>
    </figure>
  );
}

/** Round numbers from nothing to above the greatest, four or five of them. */
function ticksTo(most: number): number[] {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(
    1,
    [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough)!,
  );
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, at) => at * step);
}
