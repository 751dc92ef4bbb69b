/** What a state means for the reader: well; to be looked at; amiss; neither; for information. */
export type Tone = 'good' | 'attention' | 'bad' | 'plain' | 'told';
