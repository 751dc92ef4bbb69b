/** What only adds to a mesh at work, on one mesh. First what counts all that was ever issued. */
import './catalogue.part.ts';
import './gateway.part.ts';
import './agencies.part.ts';
import './forgery.part.ts';
