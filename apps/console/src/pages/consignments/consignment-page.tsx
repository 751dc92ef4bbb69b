import type { ReactNode } from 'react';
import { PageHeader } from '../../parts/page-header.tsx';
import { useText } from '../../words/text.tsx';

export default function Page(): ReactNode {
  const say = useText();
  return <PageHeader title={say({ zh: '票', en: 'Consignment' })} />;
}
