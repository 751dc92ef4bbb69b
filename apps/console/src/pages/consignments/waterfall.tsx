import type { ReactNode } from 'react';
import { useElementSize } from '@mantine/hooks';
import type { LocalizedText } from '@clearance/contracts/words';
import { type Formats, useFormats } from '../../words/formats.ts';
import { kindName, outcomeName, statusName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import {
  HEADING_HEIGHT,
  layoutWaterfall,
  LINE_HEIGHT,
  type Line,
  type Phase,
  type Waterfall,
} from './layout-waterfall.ts';
import { type Journey, type RecognitionMark, secondsToSettle } from './timeline.ts';
import classes from './waterfall.module.css';

const AXIS_HEIGHT = 34;
const MARGIN = 12;
/** What a label needs beside another, in pixels. */
const LABEL_ROOM = 26;

const PHASE_NAMES: Readonly<Record<Phase, LocalizedText>> = {
  offering: { zh: '待提交网关', en: 'waiting to be offered' },
  deciding: { zh: '网关判定', en: 'deciding' },
  delivering: { zh: '送达各单位', en: 'delivering' },
};

interface WaterfallProps {
  journeys: readonly Journey[];
  recognitions: readonly RecognitionMark[];
}

/**
 * What happened to a consignment, drawn. It is for eyes alone: whoever does not see it has the table that says the same.
 */
export function WaterfallChart({ journeys, recognitions }: WaterfallProps): ReactNode {
  const { ref, width } = useElementSize();
  const formats = useFormats();
  const say = useText();
  const waterfall = layoutWaterfall({ journeys, recognitions }, Math.max(0, width - 2 * MARGIN));
  const { lanes, height, scale } = waterfall;
  return (
    <div className="panel" aria-hidden="true">
      <div className={classes['frame']}>
        <div className={classes['labels']}>
          {lanes.map(({ unit, lines, seconds }) => (
            <div key={unit}>
              <div className={classes['heading']}>
                <span>{say(unitName(unit))}</span>
                {seconds > 0 && <span className={classes['aside']}>{formats.duration(seconds)}</span>}
              </div>
              {lines.map((line) => (
                <LineLabel key={line.key} line={line} formats={formats} />
              ))}
            </div>
          ))}
        </div>
        <div ref={ref} className={classes['drawing']}>
          {width > 0 && (
            <svg width={scale.width + 2 * MARGIN} height={height + AXIS_HEIGHT} focusable="false">
              <g transform={`translate(${MARGIN} 0)`}>
                <Pauses waterfall={waterfall} formats={formats} />
                {lanes.map((lane) => (
                  <g key={lane.unit}>
                    <rect
                      x={-MARGIN}
                      y={lane.y}
                      width={scale.width + 2 * MARGIN}
                      height={HEADING_HEIGHT}
                      className={classes['lane']}
                    />
                    {lane.lines.map((line) => (
                      <g key={line.key} transform={`translate(0 ${line.y})`}>
                        <LineDrawing line={line} formats={formats} />
                      </g>
                    ))}
                  </g>
                ))}
                <Ends waterfall={waterfall} formats={formats} />
              </g>
            </svg>
          )}
        </div>
      </div>
      <Legend />
    </div>
  );
}

function LineLabel({ line, formats }: { line: Line; formats: Formats }): ReactNode {
  const say = useText();
  if (line.kind === 'recognition') {
    return (
      <div className={classes['label']}>
        <span>{say({ zh: '互认决定', en: 'Recognition' })}</span>
        <span className={classes['aside']}>{say(outcomeName(line.mark.step.outcome ?? ''))}</span>
      </div>
    );
  }
  const { kind, version, status } = line.journey;
  const seconds = secondsToSettle(line.journey);
  const name = kind === null ? say(WITHHELD) : say(kindName(kind));
  return (
    <div className={classes['label']}>
      <span>{version > 1 ? `${name} · v${version} ${say(statusName(status))}` : name}</span>
      <span className={classes['aside']}>
        {seconds === undefined ? say({ zh: '未办结', en: 'not settled' }) : formats.duration(seconds)}
      </span>
    </div>
  );
}

/** What stands for a kind that is withheld from somebody. */
export const WITHHELD: LocalizedText = { zh: '（类别不予公开）', en: '(kind withheld)' };

const MIDDLE = LINE_HEIGHT / 2;
const BAR = 12;

function LineDrawing({ line, formats }: { line: Line; formats: Formats }): ReactNode {
  const say = useText();
  if (line.kind === 'recognition') {
    const { at, reopened, mark } = line;
    const outcome = mark.step.outcome ?? 'refused';
    return (
      <>
        {reopened !== undefined && <line x1={at} x2={reopened} y1={MIDDLE} y2={MIDDLE} className={classes['lead']} />}
        <path d={`M${at} ${MIDDLE - 7}l7 7-7 7-7-7z`} className={classes[outcome]}>
          <title>{`${say(outcomeName(outcome))} ${formats.time(mark.step.at)}`}</title>
        </path>
        {reopened !== undefined && (
          <path d={`M${reopened - 5} ${MIDDLE - 5}l10 10m0 -10l-10 10`} className={classes['reopened']}>
            <title>{`${say({ zh: '重新审查', en: 'Reopened' })} ${formats.time(mark.reopened!.at)}`}</title>
          </path>
        )}
      </>
    );
  }
  const { bars, examined, receipts, settled } = line;
  const begun = bars[0]?.x1;
  return (
    <>
      {examined !== undefined && begun !== undefined && (
        <line x1={examined} x2={begun} y1={MIDDLE} y2={MIDDLE} className={classes['lead']} />
      )}
      {examined !== undefined && (
        <circle cx={examined} cy={MIDDLE} r={4.5} className={classes['examined']}>
          <title>{say({ zh: '查验', en: 'Examined' })}</title>
        </circle>
      )}
      {bars.map(({ phase, x1, x2, seconds }) => (
        <rect
          key={phase}
          x={x1}
          y={MIDDLE - BAR / 2}
          width={Math.max(1, x2 - x1)}
          height={BAR}
          className={classes[phase]}
        >
          <title>{`${say(PHASE_NAMES[phase])} ${formats.duration(seconds)}`}</title>
        </rect>
      ))}
      {receipts.map(({ unit, x }) => (
        <line key={unit} x1={x} x2={x} y1={MIDDLE - BAR / 2} y2={MIDDLE + BAR / 2} className={classes['receipt']} />
      ))}
      {settled !== undefined && (
        <rect x={settled - 1.5} y={MIDDLE - 9} width={3} height={18} className={classes['settled']}>
          <title>{say({ zh: '办结', en: 'Settled' })}</title>
        </rect>
      )}
    </>
  );
}

function Pauses({ waterfall: { scale, height }, formats }: { waterfall: Waterfall; formats: Formats }): ReactNode {
  return scale.pauses.map(({ from, to, x1, x2 }) => (
    <g key={from}>
      <rect x={x1} y={0} width={x2 - x1} height={height} className={classes['pause']} />
      {x2 - x1 >= LABEL_ROOM && (
        <text x={(x1 + x2) / 2} y={height + 14} textAnchor="middle" className={classes['word']}>
          {formats.brief((to - from) / 1_000)}
        </text>
      )}
    </g>
  ));
}

function Ends({ waterfall: { lanes, scale, height }, formats }: { waterfall: Waterfall; formats: Formats }): ReactNode {
  const times = lanes.flatMap(({ lines }) =>
    lines.flatMap((line) =>
      line.kind === 'recognition'
        ? [line.mark.at]
        : [line.journey.examined ?? line.journey.submitted, line.journey.settled ?? line.journey.submitted],
    ),
  );
  const iso = (at: number): string => new Date(at).toISOString();
  return (
    <>
      <line x1={-MARGIN} x2={scale.width + MARGIN} y1={height + 0.5} y2={height + 0.5} className={classes['rule']} />
      <text x={0} y={height + 28} className={classes['word']}>
        {formats.time(iso(Math.min(...times)))}
      </text>
      <text x={scale.width} y={height + 28} textAnchor="end" className={classes['word']}>
        {formats.time(iso(Math.max(...times)))}
      </text>
    </>
  );
}

function Legend(): ReactNode {
  const say = useText();
  const sample = (drawing: ReactNode, text: LocalizedText): ReactNode => (
    <li key={text.en}>
      <svg width={20} height={14} focusable="false">
        {drawing}
      </svg>
      {say(text)}
    </li>
  );
  return (
    <ul className={classes['legend']}>
      {sample(<circle cx={10} cy={7} r={4.5} className={classes['examined']} />, { zh: '查验', en: 'examined' })}
      {sample(<rect x={1} y={1} width={18} height={12} className={classes['offering']} />, PHASE_NAMES.offering)}
      {sample(<rect x={1} y={1} width={18} height={12} className={classes['deciding']} />, PHASE_NAMES.deciding)}
      {sample(
        <>
          <rect x={1} y={1} width={18} height={12} className={classes['delivering']} />
          <path d="M6 1v12M11 1v12M15 1v12" className={classes['receipt']} />
        </>,
        { zh: '送达，竖线为各单位回执', en: 'delivering; each line is a receipt' },
      )}
      {sample(<rect x={8} y={0} width={3} height={14} className={classes['settled']} />, { zh: '办结', en: 'settled' })}
      {sample(<path d="M10 0l7 7-7 7-7-7z" className={classes['recognised']} />, { zh: '互认', en: 'recognised' })}
      {sample(<path d="M5 2l10 10m0-10l-10 10" className={classes['reopened']} />, { zh: '重新审查', en: 'reopened' })}
      {sample(<rect x={1} y={0} width={18} height={14} className={classes['pause']} />, {
        zh: '横轴按先后排列，半分钟以上的间隔缩短并注明时长',
        en: 'time runs in order; pauses beyond half a minute are shortened, with their length below',
      })}
    </ul>
  );
}
