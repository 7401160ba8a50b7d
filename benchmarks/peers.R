# Answers "task" on standard input with elapsed seconds and the compared figures.
# Reads its columns once from a binary file; only the computation is timed.
suppressPackageStartupMessages(library(survival))
has_cmprsk <- suppressWarnings(requireNamespace("cmprsk", quietly = TRUE))

arguments <- commandArgs(trailingOnly = TRUE)
horizon <- as.numeric(arguments[[2]])
columns <- file(arguments[[1]], "rb")
n <- readBin(columns, "integer", 1L)
days <- as.numeric(readBin(columns, "integer", n))
causes <- readBin(columns, "integer", n)
groups <- readBin(columns, "integer", n)
x <- matrix(readBin(columns, "double", 5 * n), n, 5)
close(columns)
left <- as.integer(causes > 0)
state <- factor(causes, 0:3, c("waiting", "work", "studies", "dropout"))
frame <- data.frame(days, left, x)

kaplan_meier <- function() survfit(Surv(days, left) ~ groups, conf.type = "log-log")
cumulative_incidence <- function() survfit(Surv(days, state) ~ 1, conf.type = "log-log")
restricted_mean <- function() {
  summary(survfit(Surv(days, left) ~ 1), rmean = horizon)$table[["rmean"]]
}
cox_fit_only <- function() {
  coxph.fit(x, Surv(days, left), NULL, NULL, NULL, coxph.control(), NULL, "efron", NULL)
}
tasks <- list(
  "kaplan_meier survival" = kaplan_meier,
  "log_rank survival" = function() survdiff(Surv(days, left) ~ groups),
  "cumulative_incidence survival" = cumulative_incidence,
  "cumulative_incidence cmprsk" = function() cmprsk::cuminc(days, causes),
  "restricted_mean survival" = restricted_mean,
  "cox survival" = function() coxph(Surv(days, left) ~ ., frame, ties = "efron"),
  "cox coxph.fit" = cox_fit_only
)
readers <- list(
  "kaplan_meier survival" = function(fit) summary(fit, times = horizon)$surv,
  "log_rank survival" = function(test) test$chisq,
  "cumulative_incidence survival" = function(fit) {
    at <- summary(fit, times = horizon)
    c(at$pstate[1, 2:4], at$std.err[1, 2:4])
  },
  "cumulative_incidence cmprsk" = function(fit) cmprsk::timepoints(fit, horizon)$est[, 1],
  "restricted_mean survival" = identity,
  "cox survival" = coef,
  "cox coxph.fit" = function(fit) fit$coefficients
)

cat("ready", R.version$major, R.version$minor, as.character(packageVersion("survival")),
    if (has_cmprsk) as.character(packageVersion("cmprsk")) else "none", "\n")
flush(stdout())
questions <- file("stdin", "r")
while (length(line <- readLines(questions, 1L)) > 0) {
  asked <- strsplit(line, " ")[[1]]
  name <- paste(asked[[1]], asked[[2]])
  times <- as.integer(asked[[3]])
  gc()
  start <- proc.time()[["elapsed"]]
  for (i in seq_len(times)) result <- tasks[[name]]()
  seconds <- (proc.time()[["elapsed"]] - start) / times
  figures <- as.numeric(readers[[name]](result))
  result <- NULL
  cat(format(c(seconds, figures), digits = 15, scientific = TRUE, trim = TRUE), "\n")
  flush(stdout())
}
