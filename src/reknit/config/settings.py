"""Every setting, in one file, read from the environment. Each is described in docs/reference/settings.md."""

from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from reknit.base import settings_help as env

SOURCE = Path(__file__).resolve().parent.parent
# Tests keep their keys and files in a folder of their own and never touch a clinic's.
DATA = env.data_folder("REKNIT_DATA", Path(mkdtemp()) if env.running_tests() else Path.cwd() / "data")
DEBUG = env.boolean("REKNIT_DEBUG", default=False)
SECRET_KEY = env.secret("REKNIT_SECRET_KEY", DATA / "secret.key")
AUDIT_KEY = env.secret(
    "REKNIT_AUDIT_KEY", DATA / "audit.key"
)  # seals the audit chain; keep a copy off this machine

ALLOWED_HOSTS = env.names("REKNIT_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.names("REKNIT_ORIGINS", [])
PROXIES = env.integer("REKNIT_PROXIES", 0)  # how many of our own add to X-Forwarded-For
NON_COMMERCIAL = env.boolean(
    "REKNIT_NON_COMMERCIAL", default=False
)  # switches on packs that are not for sale
HTTPS = env.boolean("REKNIT_HTTPS", default=False)  # yes behind a proxy that speaks TLS

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "reknit.base.accounts",  # before allauth, whose templates it replaces
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "reknit.base.audit",
    "reknit.base.jobs",
    "reknit.base.tables",
    "reknit.base.ui",
    "reknit.care.people",
    "reknit.care.consent",
    "reknit.care.contact",
    "reknit.care.programme",
    "reknit.care.safety",
    "reknit.care.measures",
    "reknit.care.medication",
    "reknit.care.materials",
    "reknit.care.network",
    "reknit.care.substance_use",
    "reknit.care.formulation",
    "reknit.care.coordination",
    "reknit.care.encounters",
    "reknit.care.groups",
    "reknit.care.outcomes",
    "reknit.care.intake",
    "reknit.care.closure",
    "reknit.care.supervision",
    "reknit.care.learning",
    "reknit.care.billing",
    "reknit.care.home",
    "reknit.exchange.imports",
]

MIDDLEWARE = [
    # These two come first: every answer carries them, refusals too.
    "reknit.config.content_policy.ContentPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "reknit.base.accounts.middleware.SignInMiddleware",
    "reknit.config.clinic_zone.ClinicZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "reknit.config.urls"
WSGI_APPLICATION = "reknit.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reknit.config.context.frame",
            ],
        },
    },
]


def database(url: str) -> dict[str, object]:
    """The embedded database, or PostgreSQL when an address is given."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "reknit.sqlite3",
            # Opening a file and setting its pragmas costs three times a small request: keep it open.
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # DEFERRED loses writes to lock errors when two people save at once; IMMEDIATE queues them.
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                # FULL: a record that was acknowledged survives a power cut. It costs about 0.3 ms.
                # The journal is folded into the file every 4000 pages (16 MB), not every 1000: a page that every
                # save changes is then folded in once for some two hundred saves and not for fifty.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                " PRAGMA wal_autocheckpoint=4000; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-64000; PRAGMA mmap_size=268435456;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise env.SettingError(
            "REKNIT_DATABASE_URL must look like postgresql://name:password@host:5432/database."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,  # the pool keeps connections; Django must not keep them too
        "OPTIONS": {} if env.running_tests() else {"pool": {"min_size": 1, "max_size": 8}},
    }


DATABASES = {"default": database(env.text("REKNIT_DATABASE_URL", ""))}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "reknit.base.accounts.adapter.ClinicAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip"}  # a whole clinic signs in at nine from one address
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "reknit.base.accounts.adapter.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Reknit"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_LOCKOUT_TEMPLATE = "ui/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "reknit.base.addresses.caller"

IDLE_MINUTES_STAFF = env.integer("REKNIT_IDLE_MINUTES", 15)
IDLE_MINUTES_CLIENT = env.integer("REKNIT_IDLE_MINUTES_CLIENT", 30)
SESSION_COOKIE_AGE = 12 * 60 * 60  # the longest a sign-in lasts, however busy
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "reknit_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "reknit_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # a calendar of 90 days with several substances is one form

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [SOURCE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # instants are kept in UTC; pages show the clinic's zone

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if env.running_tests() or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = env.running_tests() or DEBUG
MEDIA_ROOT = DATA / "files"
PROTOCOLS = DATA / "protocols"  # templates of the clinic's own, beside those that ship

EMAIL_BACKEND = (
    "django.core.mail.backends.dummy.EmailBackend"  # nothing is sent; links are handed over by a person
)
MAIL = env.mail("REKNIT_MAIL_URL", DATA / "outbox")  # who takes reminders; nobody unless the clinic says so
TEXT_MAIL = env.text_mail("REKNIT_TEXT_MAIL")  # how mail becomes a text, by a gateway of the clinic's own
ADDRESS = env.address("REKNIT_ADDRESS")  # with it a reminder carries a link to answer by
MAIL_FROM = env.text("REKNIT_MAIL_FROM", "reminder@localhost")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Sweeps that the server runs by itself: (name, dotted function taking `at`, seconds between runs).
SWEEPS = [
    ("seal the audit chain", "reknit.base.audit.sealing.seal", 5),
    ("hand on what waits too long", "reknit.care.safety.jobs.hand_on_what_waits", 60),
    ("write reminders", "reknit.care.encounters.jobs.write_reminders", 300),
    ("write reminders of groups", "reknit.care.groups.jobs.write_reminders", 300),
    ("hand messages over", "reknit.care.contact.jobs.deliver", 60),
]
SEAL_WITHIN_SECONDS = 10

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "reknit.base.audit.logs.WithoutValues",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "filters": {"no_client_data": {"()": "reknit.base.audit.logs.NoClientData"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["no_client_data"]},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Django's own lines carry the address of the page, and an address can carry a form link.
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "axes": {"level": "ERROR"},
    },
}
