/** How results are followed, as consignments and as traces, and what backends in other languages do, on one mesh. */
import './coordination.part.ts';
import './examples.part.ts';
import './traces.part.ts';
