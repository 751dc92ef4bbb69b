import type { JsonObject, JsonValue } from './json.ts';

/** An example of RFC 9901, taken apart: what is base64url there is plain JSON here, and encoded again by {@link asIssued}. */
export interface Example {
  section: string;
  header: JsonObject;
  payload: JsonObject;
  /** ES256, by {@link ISSUER_KEY}. */
  signature: string;
  disclosures: JsonValue[];
  /** The payload as the RFC says that it is after processing. */
  processed: JsonObject;
}

/** The public key that the examples are signed with (RFC 9901 appendix A.5). */
export const ISSUER_KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ',
  y: 'Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8',
};

/** The holder's key that section 5.1 binds the token to. */
const HOLDER = {
  jwk: {
    kty: 'EC',
    crv: 'P-256',
    x: 'TCAER19Zvu3OHF4j4W4vfSVoHIP1ILilDls7vCeGemc',
    y: 'ZxjiWWbZMQGHVWKVQ4hbSIirsVfuecCE6t4jT9F2HZQ',
  },
};

/** JSON as the RFC's examples have it: a space after commas and colons, and ASCII only. */
function asWritten(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(asWritten).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([name, member]) => `${asWritten(name)}: ${asWritten(member as JsonValue)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (character) => '\\u' + character.charCodeAt(0).toString(16).padStart(4, '0'),
  );
}

/** A part of a token as the RFC's examples have it. */
export function asIssued(value: JsonValue): string {
  return Buffer.from(asWritten(value)).toString('base64url');
}

/** Disclosures with the digests that the RFC gives for them: section, text before encoding, digest. */
export const DIGESTS: [section: string, disclosure: string, digest: string][] = [
  ['4.2.3', '["_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius"]', 'X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0'],
  ['4.2.4.2', '["lklxF5jMYlGTPUovMNIvCA", "FR"]', 'w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs'],
  ['5.1', '["2GLC42sKQveCfGfryNRN9w", "given_name", "John"]', 'jsu9yVulwQQlhFlM_3JlzMaSFzglhQG0DpfayQwLUK4'],
  ['5.1', '["lklxF5jMYlGTPUovMNIvCA", "US"]', 'pFndjkZ_VCzmyTa6UjlZo3dh-ko8aIKQc9DlGzhaVYo'],
  [
    '6.1',
    '["2GLC42sKQveCfGfryNRN9w", "address", {"street_address": "Schulstr. 12", "locality": "Schulpforta", "region": "Sachsen-Anhalt", "country": "DE"}]',
    'fOBUSQvo46yQO-wRwXBcGqvnbKIueISEL961_Sjd4do',
  ],
];

/** Section 6.3, recursive disclosures: the address, and in it each of its members. */
export const RECURSIVE = {
  payload: { _sd: ['HvrKX6fPV0v9K_yCVFBiLFHsMaxcD_114Em6VT8x1lg'] },
  address: [
    'Qg_O64zqAxe412a108iroA',
    'address',
    {
      _sd: [
        '6vh9bq-zS4GKM_7GpggVbYzzu6oOGXrmNVGPHP75Ud0',
        '9gjVuXtdFROCgRrtNcGUXmF65rdezi_6Er_j76kmYyM',
        'KURDPh4ZC19-3tiz-Df39V8eidy1oV3a3H1Da2N0g88',
        'WN9r9dCBJ8HTCsS2jKASxTjEyW5m5x65_Z_2ro2jfXM',
      ],
    },
  ],
  members: [
    ['2GLC42sKQveCfGfryNRN9w', 'street_address', 'Schulstr. 12'],
    ['eluV5Og3gSNII8EYnsxA_A', 'locality', 'Schulpforta'],
    ['6Ij7tM-a5iVPGboS5tmvVA', 'region', 'Sachsen-Anhalt'],
    ['eI8ZWm9QnKPpNPeNenHdhQ', 'country', 'DE'],
  ],
};

/** Section 5.1: members at the top, and elements of an array that itself is in the clear. */
export const SIMPLE: Example = {
  section: '5.1',
  header: { alg: 'ES256', typ: 'example+sd-jwt' },
  payload: {
    _sd: [
      'CrQe7S5kqBAHt-nMYXgc6bdt2SH5aTY1sU_M-PgkjPI',
      'JzYjH4svliH0R3PyEMfeZu6Jt69u5qehZo7F7EPYlSE',
      'PorFbpKuVu6xymJagvkFsFXAbRoc2JGlAUA2BA4o7cI',
      'TGf4oLbgwd5JQaHyKVQZU9UdGE0w5rtDsrZzfUaomLo',
      'XQ_3kPKt1XyX7KANkqVR6yZ2Va5NrPIvPYbyMvRKBMM',
      'XzFrzwscM6Gn6CJDc6vVK8BkMnfG8vOSKfpPIZdAfdE',
      'gbOsI4Edq2x2Kw-w5wPEzakob9hV1cRD0ATN3oQL9JM',
      'jsu9yVulwQQlhFlM_3JlzMaSFzglhQG0DpfayQwLUK4',
    ],
    iss: 'https://issuer.example.com',
    iat: 1683000000,
    exp: 1883000000,
    sub: 'user_42',
    nationalities: [
      { '...': 'pFndjkZ_VCzmyTa6UjlZo3dh-ko8aIKQc9DlGzhaVYo' },
      { '...': '7Cf6JkPudry3lcbwHgeZ8khAv1U1OSlerP0VkBJrWZ0' },
    ],
    _sd_alg: 'sha-256',
    cnf: HOLDER,
  },
  signature: 'MczwjBFGtzf-6WMT-hIvYbkb11NrV1WMO-jTijpMPNbswNzZ87wY2uHz-CXo6R04b7jYrpj9mNRAvVssXou1iw',
  disclosures: [
    ['2GLC42sKQveCfGfryNRN9w', 'given_name', 'John'],
    ['eluV5Og3gSNII8EYnsxA_A', 'family_name', 'Doe'],
    ['6Ij7tM-a5iVPGboS5tmvVA', 'email', 'johndoe@example.com'],
    ['eI8ZWm9QnKPpNPeNenHdhQ', 'phone_number', '+1-202-555-0101'],
    ['Qg_O64zqAxe412a108iroA', 'phone_number_verified', true],
    [
      'AJx-095VPrpTtN4QMOqROA',
      'address',
      { street_address: '123 Main St', locality: 'Anytown', region: 'Anystate', country: 'US' },
    ],
    ['Pc33JM2LchcU_lHggv_ufQ', 'birthdate', '1940-01-01'],
    ['G02NSrQfjFXQ7Io09syajA', 'updated_at', 1570000000],
    ['lklxF5jMYlGTPUovMNIvCA', 'US'],
    ['nPuoQnkRFq3BIeAm7AnXFA', 'DE'],
  ],
  processed: {
    iss: 'https://issuer.example.com',
    iat: 1683000000,
    exp: 1883000000,
    sub: 'user_42',
    cnf: HOLDER,
    given_name: 'John',
    family_name: 'Doe',
    email: 'johndoe@example.com',
    phone_number: '+1-202-555-0101',
    phone_number_verified: true,
    address: { street_address: '123 Main St', locality: 'Anytown', region: 'Anystate', country: 'US' },
    birthdate: '1940-01-01',
    updated_at: 1570000000,
    nationalities: ['US', 'DE'],
  },
};

/** Appendix A.1: two members of a nested object shown, with decoy digests beside them. */
export const WITH_DECOYS: Example = {
  section: 'A.1',
  header: { alg: 'ES256', typ: 'example+sd-jwt' },
  payload: {
    _sd: [
      'C9inp6YoRaEXR427zYJP7Qrk1WH_8bdwOA_YUrUnGQU',
      'Kuet1yAa0HIQvYnOVd59hcViO9Ug6J2kSfqYRBeowvE',
      'MMldOFFzB2d0umlmpTIaGerhWdU_PpYfLvKhh_f_9aY',
      'X6ZAYOII2vPN40V7xExZwVwz7yRmLNcVwt5DL8RLv4g',
      'Y34zmIo0QLLOtdMpXGwjBgLvr17yEhhYT0FGofR-aIE',
      'fyGp0WTwwPv2JDQln1lSiaeobZsMWA10bQ5989-9DTs',
      'ommFAicVT8LGHCB0uywx7fYuo3MHYKO15cz-RZEYM5Q',
      's0BKYsLWxQQeU8tVlltM7MKsIRTrEIa1PkJmqxBBf5U',
    ],
    iss: 'https://issuer.example.com',
    iat: 1683000000,
    exp: 1883000000,
    address: {
      _sd: [
        '6aUhzYhZ7SJ1kVmagQAO3u2ETN2CC1aHheZpKnaF0_E',
        'AzLlFobkJ2xiaupREPyoJz-9-NSldB6Cgjr7fUyoHzg',
        'PzzcVu0qbMuBGSjulfewzkesD9zutOExn5EWNwkrQ-k',
        'b2Dkw0jcIF9rGg8_PF8ZcvncW7zwZj5ryBWvXfrpzek',
        'cPYJHIZ8Vu-f9CCyVub2UfgEk8jvvXezwK1p_JneeXQ',
        'glT3hrSU7fSWgwF5UDZmWwBTw32gnUldIhi8hGVCaV4',
        'rvJd6iq6T5ejmsBMoGwuNXh9qAAFATAci40oidEeVsA',
        'uNHoWYhXsZhVJCNE2Dqy-zqt7t69gJKy5QaFv7GrMX4',
      ],
    },
    _sd_alg: 'sha-256',
  },
  signature: 'EOZa2YqK8j4i7cqBDkfPcTMaFsgPwcx3aYJkFoMfvV46LxL-PPqrWsIyNukB4x8Y2LT31eIHDc4Wg4XNzaqu4w',
  disclosures: [
    ['G02NSrQfjFXQ7Io09syajA', 'region', '港区'],
    ['lklxF5jMYlGTPUovMNIvCA', 'country', 'JP'],
  ],
  processed: {
    iss: 'https://issuer.example.com',
    iat: 1683000000,
    exp: 1883000000,
    address: { region: '港区', country: 'JP' },
  },
};

/** Appendix A.2: an array element whose own members are disclosed one by one. */
export const COMPLEX: Example = {
  section: 'A.2',
  header: { alg: 'ES256', typ: 'example+sd-jwt' },
  payload: {
    _sd: [
      '-aSznId9mWM8ocuQolCllsxVggq1-vHW4OtnhUtVmWw',
      'IKbrYNn3vA7WEFrysvbdBJjDDU_EvQIr0W18vTRpUSg',
      'otkxuT14nBiwzNJ3MPaOitOl9pVnXOaEHal_xkyNfKI',
    ],
    iss: 'https://issuer.example.com',
    iat: 1683000000,
    exp: 1883000000,
    verified_claims: {
      verification: {
        _sd: ['7h4UE9qScvDKodXVCuoKfKBJpVBfXMF_TmAGVaZe3Sc', 'vTwe3raHIFYgFA3xaUD2aMxFz5oDo8iBu05qKlOg9Lw'],
        trust_framework: 'de_aml',
        evidence: [{ '...': 'tYJ0TDucyZZCRMbROG4qRO5vkPSFRxFhUELc18CSl3k' }],
      },
      claims: {
        _sd: [
          'RiOiCn6_w5ZHaadkQMrcQJf0Jte5RwurRs54231DTlo',
          'S_498bbpKzB6Eanftss0xc7cOaoneRr3pKr7NdRmsMo',
          'WNA-UNK7F_zhsAb9syWO6IIQ1uHlTmOU8r8CvJ0cIMk',
          'Wxh_sV3iRH9bgrTBJi-aYHNCLt-vjhX1sd-igOf_9lk',
          '_O-wJiH3enSB4ROHntToQT8JmLtz-mhO2f1c89XoerQ',
          'hvDXhwmGcJQsBCA2OtjuLAcwAMpDsaU0nkovcKOqWNE',
        ],
      },
    },
    _sd_alg: 'sha-256',
  },
  signature: 'QoWYWtikm-AtjmPnNVshbGXQl5raEz15PByTmZwfTQg9W2O3oR6j2tMmysTZZawdo6mNLR_PsZSI25qrUpiNTg',
  disclosures: [
    ['2GLC42sKQveCfGfryNRN9w', 'time', '2012-04-23T18:25Z'],
    [
      'Pc33JM2LchcU_lHggv_ufQ',
      {
        _sd: [
          '9wpjVPWuD7PK0nsQDL8B06lmdgV3LVybhHydQpTNyLI',
          'G5EnhOAOoU9X_6QMNvzFXjpEA_Rc-AEtm1bG_wcaKIk',
          'IhwFrWUB63RcZq9yvgZ0XPc7Gowh3O2kqXeBIswg1B4',
          'WpxQ4HSoEtcTmCCKOeDslB_emucYLz2oO8oHNr1bEVQ',
        ],
      },
    ],
    ['eI8ZWm9QnKPpNPeNenHdhQ', 'method', 'pipp'],
    ['G02NSrQfjFXQ7Io09syajA', 'given_name', 'Max'],
    ['lklxF5jMYlGTPUovMNIvCA', 'family_name', 'Müller'],
    [
      'y1sVU5wdfJahVdgwPgS7RQ',
      'address',
      { locality: 'Maxstadt', postal_code: '12344', country: 'DE', street_address: 'Weidenstraße 22' },
    ],
  ],
  processed: {
    iss: 'https://issuer.example.com',
    iat: 1683000000,
    exp: 1883000000,
    verified_claims: {
      verification: { trust_framework: 'de_aml', evidence: [{ method: 'pipp' }], time: '2012-04-23T18:25Z' },
      claims: {
        given_name: 'Max',
        family_name: 'Müller',
        address: { locality: 'Maxstadt', postal_code: '12344', country: 'DE', street_address: 'Weidenstraße 22' },
      },
    },
  },
};

/** All whole examples; each one's signature shows that nothing in it was changed on the way here. */
export const EXAMPLES: Example[] = [SIMPLE, WITH_DECOYS, COMPLEX];
