"""What all installations share."""

from pathlib import Path

from parvis.io.home import home_directory
from parvis_web.config import env
from parvis_web.config.languages import offered
from parvis_web.config.logs import logging_settings
from parvis_web.config.sign_on import sign_ons

PACKAGE = Path(__file__).resolve().parents[2]
PARVIS_DATA = Path(env.text("PARVIS_DATA") or home_directory() / "web").resolve()

SECRET_KEY = env.text("PARVIS_SECRET_KEY")
PARVIS_AUDIT_KEY = env.text("PARVIS_AUDIT_KEY")
DEBUG = False
ALLOWED_HOSTS = env.words("PARVIS_HOSTS")
PARVIS_TRUSTED_PROXIES = env.number("PARVIS_TRUSTED_PROXIES", 0)
PARVIS_ACCEL_PREFIX = env.text("PARVIS_ACCEL_PREFIX")
PARVIS_UPLOAD_LIMIT = env.number("PARVIS_UPLOAD_LIMIT_MB", 2048) * 2**20
PARVIS_NETWORK_INSTANCE = env.switch("PARVIS_NETWORK_INSTANCE")
PARVIS_PROTECTED_DAYS = env.number("PARVIS_PROTECTED_DAYS", 365)
PARVIS_METRICS = env.switch("PARVIS_METRICS")
PARVIS_BENCH_SIZE = env.number("PARVIS_BENCH_SIZE", 2)
PARVIS_BENCH_IDLE = env.number("PARVIS_BENCH_IDLE", 900)
PARVIS_BENCH_MEMORY_MB = env.number("PARVIS_BENCH_MEMORY_MB", 4096)
PARVIS_DEMO = False

DATABASES = {"default": env.database(env.text("DATABASE_URL"), PARVIS_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SIGN_ON_APPS, SOCIALACCOUNT_PROVIDERS = sign_ons()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "parvis_web.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    *SIGN_ON_APPS,
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "parvis_web.ui",
    "parvis_web.audit",
    "parvis_web.runs",
    "parvis_web.cities",
    "parvis_web.maps",
    "parvis_web.spaces",
    "parvis_web.approach",
    "parvis_web.scenarios",
    "parvis_web.assessments",
    "parvis_web.walks",
    "parvis_web.measures",
    "parvis_web.collecting",
    "parvis_web.releases",
    "parvis_web.dashboard",
    "parvis_web.documents",
    "parvis_web.comments",
    "parvis_web.publishing",
    "parvis_web.sharing",
    "parvis_web.privacy",
    "parvis_web.operation",
    "parvis_web.api",
]

MIDDLEWARE = [
    "parvis_web.operation.middleware.RequestLogMiddleware",
    "parvis_web.ui.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "parvis_web.ui.middleware.ErrorPagesMiddleware",
]

LOGGING = logging_settings("plain")
ROOT_URLCONF = "parvis_web.config.urls"
WSGI_APPLICATION = "parvis_web.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "parvis_web.ui.context.application",
            ],
        },
    }
]
FORM_RENDERER = "parvis_web.ui.renderers.FormRenderer"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "parvis_web.accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Parvis"
# A code typed as it expires, or by a watch that is half a minute slow, is still taken.
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "parvis_web.accounts.adapter.MFAAdapter"
MFA_WEBAUTHN_USER_VERIFICATION = "required"
SOCIALACCOUNT_ADAPTER = "parvis_web.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False  # the adapter connects, as a service
# A form that is sent on to another host would break the content policy's form-action.
SOCIALACCOUNT_LOGIN_ON_GET = True
USERSESSIONS_ADAPTER = "parvis_web.accounts.adapter.UserSessionsAdapter"
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "parvis_web.ui.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

LANGUAGE_CODE = "en"
LANGUAGES = offered(env.words("PARVIS_LANGUAGES"))
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
# What a city translated itself prevails over what the program brings along.
LOCALE_PATHS = [PARVIS_DATA / "translations", PACKAGE / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = PARVIS_DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
    },
    # Of each process alone, for decisions that may be a few seconds old.
    "moment": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "moment",
        "TIMEOUT": 10,
        "OPTIONS": {"MAX_ENTRIES": 4096},
    },
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("PARVIS_MAIL_HOST", "localhost")
EMAIL_PORT = env.number("PARVIS_MAIL_PORT", 25)
EMAIL_HOST_USER = env.text("PARVIS_MAIL_USER")
EMAIL_HOST_PASSWORD = env.text("PARVIS_MAIL_PASSWORD")
EMAIL_USE_TLS = env.switch("PARVIS_MAIL_TLS")
DEFAULT_FROM_EMAIL = env.text("PARVIS_MAIL_FROM", "parvis@localhost")
