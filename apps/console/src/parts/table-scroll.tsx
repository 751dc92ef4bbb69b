import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useText } from '../words/text.tsx';

/** Around a wide table: it scrolls within its panel, and where it does it can be reached and scrolled by keyboard. */
export function TableScroll({ children }: { children: ReactNode }): ReactNode {
  const say = useText();
  const frame = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = frame.current!;
    const observer = new ResizeObserver(() => setScrolls(element.scrollWidth > element.clientWidth));
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);
  const reachable = {
    tabIndex: 0,
    role: 'group',
    'aria-label': say({ zh: '表格，可左右滚动', en: 'Table, scrolls sideways' }),
  };
  return (
    <div ref={frame} className="table-scroll" {...(scrolls ? reachable : {})}>
      {children}
    </div>
  );
}
