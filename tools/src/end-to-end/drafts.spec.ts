/** What is said of a draft before it is in force, on one mesh and the same traffic. First what lists every draft. */
import './lists-guide.part.ts';
import './preview.part.ts';
