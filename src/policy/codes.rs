//! Codes of what is wrong in `x-security`. They are stable: a number is never given to something else.

use crate::diagnostic::Code;

pub(super) const UNKNOWN_KEY: Code = 3001;
pub(super) const WRONG_KIND: Code = 3002;
pub(super) const MISSING_KEY: Code = 3003;
pub(super) const VERSION: Code = 3004;
pub(super) const DURATION: Code = 3005;
pub(super) const SIZE: Code = 3006;
pub(super) const REFERENCE: Code = 3007;
pub(super) const RANGE: Code = 3008;
pub(super) const WORD: Code = 3009;
pub(super) const EMPTY: Code = 3010;
pub(super) const EMPTY_LIST: Code = 3011;
pub(super) const TWICE: Code = 3012;
pub(super) const NO_ROOT: Code = 3013;

pub(super) const SCHEME_UNDECLARED: Code = 3020;
pub(super) const ALGORITHM: Code = 3021;
pub(super) const ALGORITHM_NONE: Code = 3022;
pub(super) const ALGORITHM_FAMILIES: Code = 3023;
pub(super) const POINTER: Code = 3024;
pub(super) const IDENTITY: Code = 3025;
pub(super) const ALGORITHM_SECRET: Code = 3026;
pub(super) const KEYS_SOURCE: Code = 3027;
pub(super) const KEY_NAME: Code = 3028;
pub(super) const KEY_PREFIX: Code = 3029;

pub(super) const ROLE_RESERVED: Code = 3030;
pub(super) const ROLE_UNDECLARED: Code = 3031;
pub(super) const ROLE_CYCLE: Code = 3032;
pub(super) const ROLES_TOO_MANY: Code = 3033;
pub(super) const ROLE_NAME: Code = 3034;

pub(super) const RESOURCE_UNDECLARED: Code = 3040;
pub(super) const RESOURCE_PARAM: Code = 3041;
pub(super) const RESOURCE_SAME_PARAM: Code = 3042;
pub(super) const OWNS_WITHOUT_PARAM: Code = 3043;
pub(super) const OWNS_PUBLIC: Code = 3044;
pub(super) const RESOURCE_NEAR: Code = 3045;
pub(super) const RESOURCE_TWICE: Code = 3046;
pub(super) const RESOURCE_CYCLE: Code = 3047;
pub(super) const OWNS_ID: Code = 3048;
pub(super) const OWNS_TENANT: Code = 3049;

pub(super) const LIMIT_UNDECLARED: Code = 3050;
pub(super) const LIMIT_LOCKS_OUT: Code = 3051;
pub(super) const LIMIT_TENANT: Code = 3052;

pub(super) const ORIGIN: Code = 3060;
pub(super) const ORIGIN_ANY: Code = 3061;
pub(super) const HEADER_NAME: Code = 3062;

pub(super) const PUBLIC_WITHOUT_REASON: Code = 3070;
pub(super) const ACCESS_DISAGREES: Code = 3071;
pub(super) const ACCESS_EMPTY: Code = 3072;
pub(super) const ACCESS_RESERVED: Code = 3073;
pub(super) const SCOPE_UNDECLARED: Code = 3074;
pub(super) const SCOPES_UNUSABLE: Code = 3075;
pub(super) const SCOPE_SYNTAX: Code = 3076;
pub(super) const LIMIT_ROOT_ONLY: Code = 3077;

pub(super) const REPLIES: Code = 3078;
pub(super) const SCOPES_OF_KEY: Code = 3079;
pub(super) const MEDIA: Code = 3082;

pub(super) const NEVER_TOGETHER: Code = 3096;
pub(super) const KEY_PARAMETER: Code = 3097;
pub(super) const KEY_IN_QUERY: Code = 3098;
pub(super) const PASSWORD_REASON: Code = 3099;

pub(super) const MARKS_DISAGREE: Code = 3080;
pub(super) const MARKS_REQUIRED: Code = 3081;

pub(super) const TOKENS_WITHOUT_SCHEME: Code = 3090;
pub(super) const ISSUED_WITHOUT_TOKENS: Code = 3091;
pub(super) const ISSUED_TWICE: Code = 3092;
pub(super) const TOKENS_LIFETIME: Code = 3093;
pub(super) const FLOW_WITHOUT_TOKENS: Code = 3094;
pub(super) const FLOW_LEVEL: Code = 3095;

pub(crate) const CEL_SYNTAX: Code = 3100;
pub(crate) const CEL_NAME: Code = 3101;
pub(crate) const CEL_TYPE: Code = 3102;
pub(crate) const CEL_SIZE: Code = 3103;
pub(super) const POLICY_UNDECLARED: Code = 3104;
pub(super) const ATTRIBUTE_NAME: Code = 3105;
pub(super) const RULE_ID: Code = 3106;
pub(super) const NO_LOGIN: Code = 3107;
pub(super) const REQUIRED_OF_ISSUED: Code = 3108;

pub(super) const MIN_TLS: Code = 3120;
pub(super) const CERTIFICATE_WITHOUT_TLS: Code = 3121;
pub(super) const ROLES_OF_CERTIFICATE: Code = 3122;
