//! Why the certificate of a server is not trusted, in words, and what can be done about it.

use std::fmt;

use rustls::CertificateError as Error;

use crate::domain::failure::{Advice, Check};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distrust {
    UnknownAuthority,
    Expired,
    NotYetValid,
    OtherName,
    Unsound(&'static str),
}

impl Distrust {
    pub fn of(error: &Error) -> Self {
        match error {
            Error::UnknownIssuer => Self::UnknownAuthority,
            Error::Expired | Error::ExpiredContext { .. } => Self::Expired,
            Error::NotValidYet | Error::NotValidYetContext { .. } => Self::NotYetValid,
            Error::NotValidForName | Error::NotValidForNameContext { .. } => Self::OtherName,
            Error::Revoked => Self::Unsound("it was revoked"),
            Error::BadEncoding => Self::Unsound("it cannot be read"),
            Error::BadSignature => Self::Unsound("its signature is wrong"),
            Error::InvalidPurpose | Error::InvalidPurposeContext { .. } => {
                Self::Unsound("it is not meant for a server")
            }
            Error::UnknownRevocationStatus
            | Error::ExpiredRevocationList
            | Error::ExpiredRevocationListContext { .. }
            | Error::InvalidOcspResponse => Self::Unsound("it is not known whether it was revoked"),
            Error::Other(other) => Self::of_other(&format!("{other:?}")),
            Error::UnhandledCriticalExtension => {
                Self::Unsound("it has a condition that valora does not know")
            }
            _ => Self::Unsound("it is not sound"),
        }
    }

    /// What the library below has no type for, by its name there.
    fn of_other(name: &str) -> Self {
        if name.contains("CaUsedAsEndEntity") {
            Self::Unsound("it is the certificate of an authority, not of a server")
        } else {
            Self::Unsound("it is not sound")
        }
    }

    pub fn advice(self) -> Advice {
        match self {
            Self::UnknownAuthority => Advice::Check(Check::TrustedAuthorities),
            Self::Expired | Self::NotYetValid => Advice::Check(Check::Clock),
            Self::OtherName => Advice::Check(Check::BaseUrlAndProxy),
            Self::Unsound(_) => Advice::Check(Check::ServerCertificate),
        }
    }
}

impl fmt::Display for Distrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownAuthority => "this machine does not know the authority that issued it",
            Self::Expired => "it has expired",
            Self::NotYetValid => "it is not valid yet",
            Self::OtherName => "it is for another host name",
            Self::Unsound(why) => why,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_of_the_library_is_shown() {
        let table = [
            (
                Error::UnknownIssuer,
                "does not know the authority",
                Advice::Check(Check::TrustedAuthorities),
            ),
            (Error::Expired, "has expired", Advice::Check(Check::Clock)),
            (Error::NotValidYet, "not valid yet", Advice::Check(Check::Clock)),
            (Error::NotValidForName, "another host name", Advice::Check(Check::BaseUrlAndProxy)),
            (Error::Revoked, "revoked", Advice::Check(Check::ServerCertificate)),
            (Error::BadEncoding, "cannot be read", Advice::Check(Check::ServerCertificate)),
            (
                Error::ApplicationVerificationFailure,
                "not sound",
                Advice::Check(Check::ServerCertificate),
            ),
        ];
        for (error, says, advice) in table {
            let distrust = Distrust::of(&error);
            assert!(distrust.to_string().contains(says), "{distrust}");
            assert_eq!(distrust.advice(), advice, "{distrust}");
        }
        let authority = Distrust::of_other("Other(CaUsedAsEndEntity)");
        assert!(authority.to_string().contains("of an authority, not of a server"));
    }
}
